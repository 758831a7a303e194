package io.sluice.orchestrator.simulation;

import io.sluice.agent.api.CloneEngine;
import io.sluice.agent.api.MigrationId;
import io.sluice.agent.api.PoolName;
import io.sluice.agent.api.Portal;
import io.sluice.agent.api.RegisterRequest.Capabilities;
import io.sluice.agent.api.RegisterRequest.Location;
import io.sluice.agent.api.ResourceRequest;
import io.sluice.agent.api.VolumeId;
import io.sluice.agent.api.WorkerId;
import io.sluice.agent.api.WorkloadDefinition;
import io.sluice.agent.api.WorkloadId;
import io.sluice.orchestrator.drain.Drain;
import io.sluice.orchestrator.drain.DrainLimits;
import io.sluice.orchestrator.drain.DrainMode;
import io.sluice.orchestrator.drain.DrainOrder;
import io.sluice.orchestrator.drain.MigrationRecord;
import io.sluice.orchestrator.fleet.Cargo;
import io.sluice.orchestrator.fleet.DrainId;
import io.sluice.orchestrator.fleet.WorkerProfile;
import io.sluice.orchestrator.migration.Generations;
import io.sluice.orchestrator.migration.Intent;
import io.sluice.orchestrator.migration.Migration;
import io.sluice.orchestrator.migration.MigrationState;
import io.sluice.orchestrator.migration.MigrationStore;
import io.sluice.orchestrator.migration.MigrationStoreContract;
import io.sluice.orchestrator.migration.Position;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;

/** The simulated store keeps what the real one promises. */
class SimulatedMigrationStoreTest extends MigrationStoreContract {
    private static final DrainId DRAIN = new DrainId("d1");

    private final Timeline timeline = new Timeline();
    private final SimulatedDatabase database = new SimulatedDatabase(timeline::now);
    private final SimulatedMigrationStore store = new SimulatedMigrationStore(
            database,
            new SimulatedPacing(database, Flaw.NONE, SimulatedPacing.Listener.NONE),
            new SimulatedRetention(database, Flaw.NONE, worker -> {}),
            Flaw.NONE,
            (transition, after) -> {});

    @BeforeEach
    void threeWorkersAndADrain() {
        List.of(A, B, C).forEach(this::worker);
        DrainOrder order = new DrainOrder(A, "test", "", DrainMode.MAINTENANCE, DrainLimits.DEFAULT);
        database.put(new Drain(DRAIN, order, timeline.now(), null, null, null, null, null));
    }

    private void worker(WorkerId id) {
        WorkerProfile profile = new WorkerProfile(
                id,
                id.value(),
                new Location(null, null, null),
                Map.of(),
                new Portal("127.0.0.1", 3260),
                "iqn." + id,
                new Capabilities(false, true),
                ResourceRequest.NONE);
        database.put(new SimulatedDatabase.WorkerRow(profile, false, 10, 0, null, false));
    }

    @Override
    protected MigrationStore store() {
        return store;
    }

    @Override
    protected MigrationId put(String workload, WorkerId destination, MigrationState state, @Nullable String group) {
        VolumeId volume = new VolumeId(workload + "-data");
        PoolName pool = new PoolName("main");
        WorkloadDefinition definition = new WorkloadDefinition(
                new WorkloadId(workload), List.of(volume), "none", null, group, Map.of(), ResourceRequest.NONE, 1, 1);
        Migration made = new Migration(
                new MigrationId("m-" + workload),
                DRAIN,
                new Cargo(definition, true, List.of(new Cargo.Volume(volume, pool, 1 << 20, 4096, null, 2))),
                new Migration.Route(A, destination, List.of(pool), CloneEngine.PORTABLE),
                3,
                Intent.PROCEED,
                new Position(state, 0, timeline.now(), null, Generations.NONE, null, null, null));
        database.put(new SimulatedDatabase.MigrationRow(made, new MigrationRecord.Attempt(1, false), null, null));
        return made.id();
    }

    @Override
    protected void cordon(WorkerId worker) {
        database.put(database.worker(worker).cordoned(true));
    }
}
