package io.sluice.orchestrator.store;

import io.sluice.agent.api.MigrationId;
import io.sluice.agent.api.WorkerId;
import io.sluice.orchestrator.database.TestDatabase;
import io.sluice.orchestrator.migration.MigrationState;
import io.sluice.orchestrator.migration.MigrationStore;
import io.sluice.orchestrator.migration.MigrationStoreContract;
import org.jspecify.annotations.Nullable;

/** The store on a real PostgreSQL keeps what every store promises. */
class SqlMigrationStoreContractTest extends MigrationStoreContract {
    private static final TestDatabase DATABASE = TestDatabase.empty("store_contract");

    private final StoredFleet fleet = new StoredFleet(DATABASE);

    @Override
    protected MigrationStore store() {
        return fleet.store;
    }

    @Override
    protected MigrationId put(String workload, WorkerId destination, MigrationState state, @Nullable String group) {
        return fleet.migration(workload, destination, state, group);
    }

    @Override
    protected void cordon(WorkerId worker) {
        fleet.sql
                .sql("update worker set cordoned = true where id = ?")
                .param(worker.value())
                .update();
    }
}
