package io.sluice.orchestrator.simulation;

import io.sluice.agent.api.MigrationId;
import io.sluice.agent.api.WorkerId;
import io.sluice.orchestrator.drain.Drain;
import io.sluice.orchestrator.drain.DrainLimits;
import io.sluice.orchestrator.drain.DrainOrder;
import io.sluice.orchestrator.drain.DrainReader;
import io.sluice.orchestrator.drain.DrainReading;
import io.sluice.orchestrator.drain.DrainStore;
import io.sluice.orchestrator.drain.FleetReading;
import io.sluice.orchestrator.drain.Hydration;
import io.sluice.orchestrator.drain.MigrationEvent;
import io.sluice.orchestrator.drain.MigrationRecord;
import io.sluice.orchestrator.drain.OperatorAction;
import io.sluice.orchestrator.drain.SteeringStore;
import io.sluice.orchestrator.drain.StoredPlan;
import io.sluice.orchestrator.drain.WriteOffStore;
import io.sluice.orchestrator.fleet.Cargo;
import io.sluice.orchestrator.fleet.DrainId;
import io.sluice.orchestrator.fleet.FleetSnapshot;
import io.sluice.orchestrator.fleet.Reservation;
import io.sluice.orchestrator.fleet.Worker;
import io.sluice.orchestrator.migration.Intent;
import io.sluice.orchestrator.migration.Limits;
import io.sluice.orchestrator.migration.Migration;
import io.sluice.orchestrator.migration.MigrationState;
import io.sluice.orchestrator.migration.MigrationState.Reversible;
import io.sluice.orchestrator.migration.Position;
import io.sluice.orchestrator.plan.DrainPlan;
import io.sluice.orchestrator.plan.Permission;
import io.sluice.orchestrator.plan.Placement;
import io.sluice.orchestrator.plan.ThirdPartyMove;
import io.sluice.orchestrator.simulation.SimulatedDatabase.MigrationRow;
import io.sluice.orchestrator.simulation.SimulatedDatabase.WorkerRow;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Drains in memory, as their planning changes them and as they are shown. */
final class SimulatedDrains implements DrainStore, DrainReader, SteeringStore, WriteOffStore {
    private final SimulatedDatabase database;
    private final Flaw flaw;
    private final Consumer<Migration> adopted;
    private final Consumer<WorkerId> drained;

    /** Tells of each migration made and of each worker called drained, once that is committed. */
    SimulatedDrains(SimulatedDatabase database, Flaw flaw, Consumer<Migration> adopted, Consumer<WorkerId> drained) {
        this.database = database;
        this.flaw = flaw;
        this.adopted = adopted;
        this.drained = drained;
    }

    /** Nothing to do: no two transactions overlap here. */
    @Override
    public void lockPlanning() {}

    @Override
    public @Nullable Drain open(WorkerId worker) {
        return database.openDrain(worker);
    }

    @Override
    public @Nullable Drain find(DrainId id) {
        Drain drain = database.drain(id);
        return drain == null || flaw.spendsPermissions() ? drain : withoutSpending(drain);
    }

    /** As if its permission had grown by all that it was used for. */
    private Drain withoutSpending(Drain drain) {
        DrainLimits limits = drain.order().limits();
        Permission permission = limits.permission();
        for (MigrationRow row : database.migrations()) {
            Migration migration = row.migration();
            boolean over = migration.drain().equals(drain.id())
                    && row.attempt().makesRoomFor() != null
                    && migration.state() == MigrationState.Terminal.DONE;
            if (over) {
                permission = new Permission(
                        permission.volumes() + migration.cargo().volumes().size(),
                        permission.bytes() + migration.cargo().sizeBytes());
            }
        }
        return steered(
                drain,
                new DrainLimits(
                        limits.perSource(),
                        limits.perDestination(),
                        limits.priority(),
                        limits.notBefore(),
                        limits.windows(),
                        limits.deadline(),
                        limits.thirdParty() == null ? null : permission),
                drain.pausedAt());
    }

    @Override
    public Drain add(DrainOrder order) {
        Drain drain =
                new Drain(new DrainId("d-" + database.fresh()), order, database.now(), null, null, null, null, null);
        database.put(drain);
        return drain;
    }

    @Override
    public void adopt(DrainId drain, DrainPlan plan, FleetSnapshot fleet) {
        database.put(drain, new StoredPlan("p-" + database.fresh(), plan));
        for (ThirdPartyMove move : plan.moves()) {
            add(
                    drain,
                    move.source(),
                    move.placement(),
                    move.makesRoomFor(),
                    epoch(move.placement().cargo(), fleet));
        }
        for (Placement placement : plan.placements()) {
            add(drain, plan.worker(), placement, null, epoch(placement.cargo(), fleet));
        }
    }

    private void add(DrainId drain, WorkerId source, Placement placement, @Nullable String makesRoomFor, long epoch) {
        requireOneLiveMigration(placement.cargo());
        int attempt = 1;
        for (MigrationRow row : database.migrations()) {
            boolean again = row.migration().drain().equals(drain)
                    && row.migration().cargo().name().equals(placement.cargo().name());
            attempt += again ? 1 : 0;
        }
        Migration made = new Migration(
                new MigrationId("m-" + database.fresh()),
                drain,
                placement.cargo(),
                new Migration.Route(source, placement.destination(), placement.pools(), placement.engine()),
                epoch,
                Intent.PROCEED,
                Position.planned(database.now()));
        database.put(new MigrationRow(made, new MigrationRecord.Attempt(attempt, false, makesRoomFor), null, null));
        database.onCommit(() -> adopted.accept(made));
    }

    /** The indexes {@code migration_live_once_per_workload} and {@code migration_volume_live_once}. */
    private void requireOneLiveMigration(Cargo cargo) {
        for (Migration live : database.live()) {
            boolean same = live.cargo().name().equals(cargo.name())
                    || live.cargo().volumeIds().stream().anyMatch(cargo.volumeIds()::contains);
            if (same) {
                throw new IllegalStateException(cargo.name() + " is in the live migration " + live.id());
            }
        }
    }

    /** Above every epoch given out for, and every epoch observed on, any copy of the cargo's volumes. */
    private long epoch(Cargo cargo, FleetSnapshot fleet) {
        List<String> subjects = cargo.volumes().isEmpty()
                ? List.of("workload/" + cargo.name())
                : cargo.volumes().stream()
                        .map(volume -> "volume/" + volume.id())
                        .toList();
        long observed = cargo.volumes().stream()
                .mapToLong(volume -> Math.max(volume.epoch(), fleet.newestEpoch(volume.id())))
                .max()
                .orElse(0);
        long given = subjects.stream().mapToLong(database::epoch).max().orElse(0);
        long fresh = Math.max(observed, given) + 1;
        subjects.forEach(subject -> database.putEpoch(subject, fresh));
        return flaw.epoch(fresh, observed);
    }

    @Override
    public void requestCancel(DrainId id) {
        Drain drain = require(id);
        if (drain.cancelRequestedAt() == null) {
            database.put(with(drain, database.now(), drain.evacuatedAt(), drain.drainedAt(), drain.outcome()));
        }
        live(id).forEach(migration -> database.intend(migration, Intent.ABORT));
    }

    @Override
    public void evacuated(DrainId id, Instant at) {
        Drain drain = require(id);
        if (drain.evacuatedAt() == null) {
            database.put(with(drain, drain.cancelRequestedAt(), at, drain.drainedAt(), drain.outcome()));
        }
    }

    @Override
    public void drained(DrainId id, Instant at) {
        Drain drain = require(id);
        if (drain.drainedAt() == null) {
            Instant evacuated = drain.evacuatedAt() == null ? at : drain.evacuatedAt();
            database.put(with(drain, drain.cancelRequestedAt(), evacuated, at, drain.outcome()));
            database.onCommit(() -> drained.accept(drain.worker()));
        }
    }

    @Override
    public void close(DrainId id, Drain.Outcome outcome) {
        Drain drain = require(id);
        if (drain.open()) {
            database.put(with(drain, drain.cancelRequestedAt(), drain.evacuatedAt(), drain.drainedAt(), outcome));
        }
    }

    private static Drain with(
            Drain drain,
            @Nullable Instant cancelled,
            @Nullable Instant evacuated,
            @Nullable Instant drained,
            Drain.@Nullable Outcome outcome) {
        return new Drain(
                drain.id(), drain.order(), drain.createdAt(), drain.pausedAt(), cancelled, evacuated, drained, outcome);
    }

    private static Drain steered(Drain drain, DrainLimits limits, @Nullable Instant pausedAt) {
        DrainOrder order = drain.order();
        return new Drain(
                drain.id(),
                new DrainOrder(order.worker(), order.actor(), order.reason(), order.mode(), limits, order.options()),
                drain.createdAt(),
                pausedAt,
                drain.cancelRequestedAt(),
                drain.evacuatedAt(),
                drain.drainedAt(),
                drain.outcome());
    }

    @Override
    public boolean pause(DrainId id, boolean paused) {
        Drain drain = require(id);
        if (!drain.moving() || (drain.pausedAt() != null) == paused) {
            return false;
        }
        database.put(steered(drain, drain.order().limits(), paused ? database.now() : null));
        return true;
    }

    @Override
    public boolean change(DrainId id, DrainLimits limits) {
        Drain drain = require(id);
        if (drain.moving()) {
            database.put(steered(drain, drain.order().limits().changedTo(limits), drain.pausedAt()));
        }
        return drain.moving();
    }

    @Override
    public boolean intend(MigrationId id, Intent intent) {
        MigrationRow row = database.migration(id);
        if (row == null || row.migration().intent() == Intent.ABORT) {
            return false;
        }
        boolean possible = switch (row.migration().state()) {
            case Reversible.PLANNED, Reversible.PREPARING, Reversible.READY -> true;
            case Reversible.STOPPING, Reversible.CLONING -> intent != Intent.HOLD;
            case Reversible.ABORTING -> false;
            case MigrationState.ForwardOnly forward -> false;
            case MigrationState.Terminal terminal -> false;
        };
        if (possible) {
            database.intend(id, intent);
        }
        return possible;
    }

    @Override
    public void forgive(DrainId drain, String cargo) {
        for (MigrationRow row : database.migrations()) {
            boolean meant = row.migration().drain().equals(drain)
                    && row.migration().cargo().name().equals(cargo)
                    && row.migration().state() == MigrationState.Terminal.ABORTED;
            if (meant) {
                int attempt = row.attempt().number();
                database.put(new MigrationRow(
                        row.migration(),
                        new MigrationRecord.Attempt(attempt, true, row.attempt().makesRoomFor()),
                        row.stoppingAt(),
                        row.runningAt()));
            }
        }
    }

    /** Shown to people, and decides nothing. */
    @Override
    public void record(OperatorAction action) {}

    @Override
    public List<OperatorAction.Recorded> actions(DrainId drain, int limit) {
        return List.of();
    }

    @Override
    public void cordon(WorkerId worker, boolean cordoned) {
        database.put(database.worker(worker).cordoned(cordoned));
    }

    @Override
    public Outcome writeOff(WorkerId worker, OperatorAction.By by) {
        WorkerRow row = database.worker(worker);
        if (row.writtenOff()) {
            return Outcome.BEFORE;
        }
        if (row.sighting() != null
                && row.sighting().at().plus(Limits.DEFAULT.silentAfter()).isAfter(database.now())) {
            return Outcome.REPORTING;
        }
        database.put(row.writtenOff(true));
        return Outcome.WRITTEN_OFF;
    }

    @Override
    public void reinstate(WorkerId worker) {
        if (database.worker(worker).writtenOff()) {
            database.put(database.worker(worker).writtenOff(false));
        }
    }

    @Override
    public Left left(DrainId drain) {
        List<Migration> live = database.live().stream()
                .filter(migration -> migration.drain().equals(drain) && !database.isThirdParty(migration.id()))
                .toList();
        long workloads = live.stream()
                .filter(migration -> migration.cargo().workload() != null)
                .filter(migration -> migration.state() instanceof MigrationState.Reversible
                        || migration.state() == MigrationState.ForwardOnly.STARTING)
                .count();
        return new Left((int) workloads, live.size());
    }

    @Override
    public List<MigrationId> liveThirdParties(DrainId drain) {
        return live(drain).stream().filter(database::isThirdParty).toList();
    }

    @Override
    public List<MigrationId> live(DrainId drain) {
        return database.live().stream()
                .filter(migration -> migration.drain().equals(drain))
                .map(Migration::id)
                .toList();
    }

    @Override
    public Instant now() {
        return database.now();
    }

    @Override
    public FleetReading fleet() {
        return flaw.planned(reading());
    }

    private FleetReading reading() {
        Instant now = database.now();
        List<Reservation> reservations =
                database.live().stream().map(Migration::reservation).toList();
        List<FleetReading.WorkerReading> workers = new ArrayList<>();
        for (WorkerRow row : database.workers()) {
            Instant seen = row.sighting() == null ? null : row.sighting().at();
            Drain drain = database.openDrain(row.profile().id());
            boolean connected =
                    seen != null && seen.plus(Limits.DEFAULT.silentAfter()).isAfter(now);
            workers.add(new FleetReading.WorkerReading(
                    new Worker(
                            row.profile(),
                            connected,
                            row.cordoned() || row.writtenOff(),
                            drain != null,
                            row.sighting() == null ? null : row.sighting().report()),
                    seen,
                    "simulated",
                    drain == null ? null : drain.id(),
                    drain == null ? null : drain.order().mode(),
                    row.writtenOff()
                            ? new FleetReading.WrittenOff(now, new OperatorAction.By("operator", "it is gone"))
                            : null));
        }
        return new FleetReading(now, workers, reservations);
    }

    @Override
    public @Nullable DrainReading reading(DrainId id) {
        Drain drain = database.drain(id);
        return drain == null
                ? null
                : flaw.judged(new DrainReading(drain, reading(), migrations(id), database.newestPlan(id)));
    }

    @Override
    public List<Drain> drains(int ended) {
        List<Drain> shown = new ArrayList<>();
        int over = 0;
        for (Drain drain : database.drains().reversed()) {
            if (drain.open() || over++ < ended) {
                shown.add(drain);
            }
        }
        return shown;
    }

    @Override
    public @Nullable Drain drain(DrainId id) {
        return database.drain(id);
    }

    @Override
    public @Nullable StoredPlan newestPlan(DrainId drain) {
        return database.newestPlan(drain);
    }

    @Override
    public List<MigrationRecord> migrations(DrainId drain) {
        return records().stream()
                .filter(record -> record.migration().drain().equals(drain))
                .toList();
    }

    @Override
    public List<MigrationRecord> migrations(int limit) {
        return records().reversed().stream().limit(limit).toList();
    }

    @Override
    public @Nullable MigrationRecord migration(MigrationId id) {
        MigrationRow row = database.migration(id);
        return row == null ? null : record(row);
    }

    private List<MigrationRecord> records() {
        return database.migrations().stream().map(SimulatedDrains::record).toList();
    }

    /** Without what is only shown: progress and history decide nothing. */
    private static MigrationRecord record(MigrationRow row) {
        return new MigrationRecord(
                row.migration(), row.attempt(), row.stoppingAt(), row.runningAt(), List.of(), List.of());
    }

    @Override
    public Hydration hydration() {
        throw new UnsupportedOperationException("metrics are not simulated");
    }

    @Override
    public List<MigrationEvent> events(DrainId drain, long after, int limit) {
        throw new UnsupportedOperationException("the event stream is not simulated");
    }

    private Drain require(DrainId id) {
        return Objects.requireNonNull(database.drain(id), () -> "drain " + id);
    }
}
