package io.sluice.orchestrator.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.orchestrator.database.TestDatabase;
import io.sluice.orchestrator.drain.Hydration;
import io.sluice.orchestrator.migration.MigrationState;
import io.sluice.orchestrator.migration.MigrationState.ForwardOnly;
import io.sluice.orchestrator.migration.MigrationState.Reversible;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Volumes of one mebibyte, in regions of a quarter of it. */
class HydrationTotalsTest {
    private static final int REGION = 1 << 18;

    private StoredFleet fleet;
    private HydrationTotals totals;

    @BeforeEach
    void nothingMovedYet() {
        fleet = new StoredFleet(TestDatabase.empty("hydration_totals"));
        totals = new HydrationTotals(fleet.sql);
        fleet.sql
                .sql("update copying_summed set hydrated_bytes = 0, copied_bytes = 0")
                .update();
    }

    private void volume(String workload, MigrationState state, int hydratedRegions, long copiedBytes) {
        fleet.migration(workload, StoredFleet.B, state, null);
        fleet.sql
                .sql("update migration_volume set region_bytes = ?, total_regions = 4, hydrated_regions = ?,"
                        + " copied_bytes = ? where migration = ?")
                .params(REGION, hydratedRegions, copiedBytes, "m-" + workload)
                .update();
    }

    private void end(String workload) {
        fleet.sql
                .sql("update migration set state = 'Done', ended_at = now(), secrets = null where id = ?")
                .param("m-" + workload)
                .update();
    }

    @Test
    void whatIsSummedUpCountsAsBefore() {
        volume("ended", ForwardOnly.RELEASING, 4, 700);
        volume("other", ForwardOnly.RELEASING, 4, 20);
        volume("halfway", ForwardOnly.HYDRATING, 2, 5);
        fleet.migration("begun", StoredFleet.C, ForwardOnly.STARTING, null);
        fleet.migration("waits", StoredFleet.C, Reversible.PLANNED, null);
        Hydration all = new Hydration(10 * REGION, 725, 6 * REGION);
        assertThat(totals.sum()).isEqualTo(all);
        assertThat(totals.sumUp()).as("all are open").isZero();

        end("ended");
        end("other");
        assertThat(totals.sum()).as("not summed up yet").isEqualTo(all);
        assertThat(totals.sumUp()).isEqualTo(2);
        assertThat(totals.sum()).isEqualTo(all);
        assertThat(totals.sumUp()).as("once is enough").isZero();

        end("halfway");
        assertThat(totals.sumUp()).isEqualTo(1);
        assertThat(totals.sum()).isEqualTo(new Hydration(10 * REGION, 725, 4 * REGION));
    }

    @Test
    void replicasThatSumUpAtOnceCountNothingTwice() {
        for (int i = 0; i < 30; i++) {
            volume("app-" + i, ForwardOnly.RELEASING, 4, 1);
            end("app-" + i);
        }
        int summed = IntStream.range(0, 8).parallel().map(i -> totals.sumUp()).sum();

        assertThat(summed).isEqualTo(30);
        assertThat(totals.sum()).isEqualTo(new Hydration(120L * REGION, 30, 0));
    }
}
