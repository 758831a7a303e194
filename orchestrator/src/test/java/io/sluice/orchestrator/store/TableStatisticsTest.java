package io.sluice.orchestrator.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sluice.orchestrator.database.TestDatabase;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is planned while a table is empty is not kept until autovacuum comes by. Leases stand for any table. */
class TableStatisticsTest {
    private StoredFleet fleet;
    private TableStatistics statistics;

    @BeforeEach
    void anEmptyTable() {
        fleet = new StoredFleet(TestDatabase.empty("table_statistics"));
        statistics = new TableStatistics(fleet.sql);
        fleet.sql.sql("alter table lease set (autovacuum_enabled = off)").update();
        fleet.sql.sql("analyze lease").update();
    }

    @Test
    void aTableThatHasGrownIsAnalyzed() {
        add(100);
        refreshOnceKnown(100);
        assertThat(believedRows()).as("a hundred rows are as good as none").isZero();

        add(1_000);
        refreshOnceKnown(1_100);
        assertThat(believedRows()).isEqualTo(1_100);

        add(1_000);
        refreshOnceKnown(1_000);
        assertThat(believedRows()).as("not much larger").isEqualTo(1_100);
    }

    private void add(int rows) {
        fleet.sql.sql("""
            insert into lease (chore, holder, held_until)
            select 'chore ' || (select count(*) from lease) + n, 'nobody', now() from generate_series(1, ?) n\
            """).param(rows).update();
    }

    /** A session tells of its changes a second later at the latest. */
    private void refreshOnceKnown(long changes) {
        await().atMost(Duration.ofSeconds(30))
                .until(() -> number("select n_mod_since_analyze from pg_stat_user_tables where relname = 'lease'")
                        == changes);
        statistics.refresh();
    }

    private long believedRows() {
        return number("select greatest(reltuples, 0)::bigint from pg_class where relname = 'lease'");
    }

    private long number(String query) {
        return fleet.sql.sql(query).query(Long.class).single();
    }
}
