package io.sluice.orchestrator.simulation;

import io.sluice.agent.api.VolumeRole;
import io.sluice.agent.api.WorkerId;
import io.sluice.agent.api.WorkloadDefinition;
import io.sluice.orchestrator.drain.Drain;
import io.sluice.orchestrator.drain.DrainReading;
import io.sluice.orchestrator.drain.DrainStatus;
import io.sluice.orchestrator.drain.MigrationRecord;
import io.sluice.orchestrator.migration.Migration;
import io.sluice.orchestrator.migration.MigrationState;
import io.sluice.orchestrator.migration.MigrationState.ForwardOnly;
import io.sluice.orchestrator.reason.Reason;
import java.util.List;
import java.util.Objects;

/** The end of a life: every drain is drained or names its reason, every workload is served that can be. */
final class Verdict {
    private final SimulatedDatabase database;
    private final List<SimulatedAgent> agents;
    private final Workloads workloads;
    private final HostInvariants invariants;
    private final Statistics statistics;

    Verdict(
            SimulatedDatabase database,
            List<SimulatedAgent> agents,
            Workloads workloads,
            HostInvariants invariants,
            Statistics statistics) {
        this.database = database;
        this.agents = agents;
        this.workloads = workloads;
        this.invariants = invariants;
        this.statistics = statistics;
    }

    void pass() {
        invariants.check();
        SimulatedDrains drains = new SimulatedDrains(database, Flaw.NONE, adopted -> {}, drained -> {});
        for (Drain drain : database.drains()) {
            drain(DrainStatus.of(Objects.requireNonNull(drains.reading(drain.id()))));
        }
        for (Migration migration : database.live()) {
            require(
                    mayStay(migration),
                    migration.id() + " never ended: " + migration.state() + ", " + migration.position());
        }
        for (SimulatedAgent agent : agents) {
            require(
                    agent.gone() || database.toClear(agent.worker()).isEmpty(),
                    agent.worker() + " came back and never cleared away " + database.toClear(agent.worker()));
        }
        for (WorkloadDefinition workload : workloads.definitions()) {
            require(
                    workloads.served(workload) || mayBeDown(workload),
                    workload.id() + " is not served anywhere in the end");
        }
    }

    private void drain(DrainStatus status) {
        Drain drain = status.drain();
        statistics.checked(7);
        statistics.drainEnded(status.phase().toString());
        switch (status.phase()) {
            case DRAINED -> {
                if (drain.open()) {
                    require(drain.drainedAt() != null, drain.id() + " is drained and nobody wrote it down");
                    invariants.drained(drain.worker());
                }
            }
            case CANCELLED -> {}
            case SCHEDULED, PAUSED ->
                throw new AssertionError(
                        drain.id() + " is " + status.phase() + " though nobody keeps it from going on");
            case RETAINING -> require(!status.blockers().isEmpty(), drain.id() + " keeps nothing and is not drained");
            case RUNNING, EVACUATED, CANCELLING -> migrationsNameTheirReasons(status.reading());
            case BLOCKED ->
                require(
                        !status.refusals().isEmpty() || isGone(drain.worker()) || namesMigration(status),
                        drain.id() + " is blocked without a reason: " + status.blockers());
        }
    }

    /** A migration of another drain that comes here, or leaves a copy here. */
    private static boolean namesMigration(DrainStatus status) {
        return status.blockers().stream().anyMatch(blocker -> blocker.code().equals("MIGRATION_LIVE"));
    }

    private void migrationsNameTheirReasons(DrainReading reading) {
        for (MigrationRecord record : reading.migrations()) {
            Migration migration = record.migration();
            if (migration.live()) {
                Reason reason = migration.position().reason();
                require(
                        reason != null
                                && !reason.message().isBlank()
                                && !reason.remedy().isBlank(),
                        migration.id() + " waits in " + migration.state() + " and says not why");
            }
        }
        boolean live = reading.migrations().stream()
                .anyMatch(record -> record.migration().live());
        require(
                live || reading.migrations().stream().anyMatch(this::keepsItsRoom),
                reading.drain().id() + " is under way and has no migration");
    }

    /** An operator keeps, on a worker that is there, what was moved out of the way. */
    private boolean keepsItsRoom(MigrationRecord record) {
        Migration migration = record.migration();
        return record.isThirdParty()
                && migration.state() == MigrationState.Terminal.DONE
                && agents.stream()
                        .filter(agent -> agent.worker().equals(migration.source()) && !agent.gone())
                        .flatMap(agent -> agent.host().copies().stream())
                        .anyMatch(copy -> copy.role() == VolumeRole.RETIRED
                                && migration.cargo().volumeIds().contains(copy.volume()));
    }

    /** What waits for a host that is gone, or for an operator to look at a bad copy, waits rightly. */
    private boolean mayStay(Migration migration) {
        return isStuck(migration) || waitsBehind(migration);
    }

    /** For a slot or a group that another one holds which may stay. */
    private boolean waitsBehind(Migration migration) {
        boolean waits = !migration.state().holdsSlot() || migration.state() == MigrationState.Reversible.READY;
        return waits
                && database.live().stream()
                        .filter(other -> !other.id().equals(migration.id())
                                && other.state().holdsSlot())
                        .anyMatch(this::isStuck);
    }

    private boolean isStuck(Migration migration) {
        return needs(migration, migration.source())
                || needs(migration, migration.destination())
                || migration.cargo().volumeIds().stream().anyMatch(invariants::isSpoiled);
    }

    /** It cannot end without a host that is gone: once that is written off, only what runs on one and still reads from the other. */
    private boolean needs(Migration migration, WorkerId worker) {
        boolean reads = switch (migration.state()) {
            case ForwardOnly.STARTING, ForwardOnly.HYDRATING, ForwardOnly.SETTLING -> true;
            case ForwardOnly.RELEASING -> false;
            case MigrationState.Reversible reversible -> false;
            case MigrationState.Terminal terminal -> false;
        };
        return isGone(worker) && (reads || !database.worker(worker).writtenOff());
    }

    /** Its newest copy is on a host that is gone, or needs one that is. */
    private boolean mayBeDown(WorkloadDefinition workload) {
        boolean needsGone = database.live().stream()
                .anyMatch(migration -> workload.id().equals(migration.cargo().workloadId())
                        && (isGone(migration.source()) || isGone(migration.destination())));
        return needsGone
                || agents.stream()
                        .filter(SimulatedAgent::gone)
                        .anyMatch(agent -> declaredLastOn(workload, agent.worker()));
    }

    private boolean declaredLastOn(WorkloadDefinition workload, WorkerId worker) {
        WorkerId home = WorkloadHomes.of(workload.id(), database.migrations());
        return home == null ? workload.id().value().startsWith("app-" + worker + "-") : home.equals(worker);
    }

    private boolean isGone(WorkerId worker) {
        return agents.stream().anyMatch(agent -> agent.worker().equals(worker) && agent.gone());
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new AssertionError(otherwise);
        }
    }
}
