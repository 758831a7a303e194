package io.sluice.orchestrator.simulation;

import io.sluice.agent.api.MigrationId;
import io.sluice.agent.api.WorkerId;
import io.sluice.orchestrator.fleet.Sighting;
import io.sluice.orchestrator.migration.Generations;
import io.sluice.orchestrator.migration.LeftBehind;
import io.sluice.orchestrator.migration.Limits;
import io.sluice.orchestrator.migration.Migration;
import io.sluice.orchestrator.migration.MigrationState;
import io.sluice.orchestrator.migration.MigrationStore;
import io.sluice.orchestrator.migration.Situation;
import io.sluice.orchestrator.migration.Transition;
import io.sluice.orchestrator.migration.TransitionListener;
import io.sluice.orchestrator.reason.Reason;
import io.sluice.orchestrator.simulation.SimulatedDatabase.MigrationRow;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The store's promises in memory; {@code MigrationStoreContract} holds it to what the real one does. */
final class SimulatedMigrationStore implements MigrationStore {
    private final SimulatedDatabase database;
    private final SimulatedPacing pacing;
    private final SimulatedRetention retention;
    private final Flaw flaw;
    private final TransitionListener committed;

    /** Tells of each commit once it stands, whatever becomes of who made it. */
    SimulatedMigrationStore(
            SimulatedDatabase database,
            SimulatedPacing pacing,
            SimulatedRetention retention,
            Flaw flaw,
            TransitionListener committed) {
        this.database = database;
        this.retention = retention;
        this.pacing = pacing;
        this.flaw = flaw;
        this.committed = committed;
    }

    @Override
    public @Nullable Situation situation(MigrationId id) {
        MigrationRow row = database.migration(id);
        return row == null ? null : situation(row.migration(), database.live());
    }

    @Override
    public List<Situation> situations(WorkerId worker) {
        List<Migration> live = database.live();
        return live.stream()
                .filter(migration -> migration.source().equals(worker)
                        || migration.destination().equals(worker))
                .sorted(Comparator.comparing(migration -> !migration.state().inCutover()))
                .map(migration -> situation(migration, live))
                .toList();
    }

    @Override
    public List<Situation> underWay(WorkerId worker) {
        return situations(worker).stream()
                .filter(situation -> situation.migration().state() != MigrationState.Reversible.PLANNED)
                .toList();
    }

    @Override
    public List<Situation> planned(WorkerId worker, int skip, int limit) {
        return situations(worker).stream()
                .filter(situation -> situation.migration().state() == MigrationState.Reversible.PLANNED)
                .sorted(Comparator.comparingInt(
                        situation -> -situation.limits().steering().priority()))
                .skip(skip)
                .limit(limit)
                .toList();
    }

    private Situation situation(Migration migration, List<Migration> live) {
        List<Migration> others = new ArrayList<>();
        for (Migration other : live) {
            if (!other.id().equals(migration.id()) && touches(other, migration)) {
                others.add(other);
            }
        }
        return flaw.shown(new Situation(
                migration,
                database.now(),
                database.worker(migration.source()).sighting(),
                database.worker(migration.destination()).sighting(),
                database.generations(migration),
                database.takesVolumes(migration.destination()),
                others,
                database.limits(migration, others),
                pacing.rooms(migration),
                writtenOff(migration)));
    }

    private Set<WorkerId> writtenOff(Migration migration) {
        return Stream.of(migration.source(), migration.destination())
                .filter(worker -> database.worker(worker).writtenOff())
                .collect(Collectors.toSet());
    }

    private static boolean touches(Migration one, Migration migration) {
        boolean slots = migration.state() == MigrationState.Reversible.PLANNED
                && ((one.source().equals(migration.source()) && one.state().holdsSlot())
                        || one.destination().equals(migration.destination()));
        String group = migration.cargo().group();
        return slots || (group != null && group.equals(one.cargo().group()));
    }

    @Override
    public Outcome commit(Transition transition) {
        Migration from = transition.from();
        MigrationRow row = Objects.requireNonNull(database.migration(from.id()), () -> "migration " + from.id());
        Migration current = row.migration();
        if (!holds(transition, current)) {
            return new Outcome.Conflict();
        }
        if (!mayFollow(current.state(), transition.to())) {
            throw new IllegalStateException("migration " + from.id() + " is past the point of no return: "
                    + current.state() + " may not become " + transition.to());
        }
        raise(from.source(), transition.asksSource());
        raise(from.destination(), transition.asksDestination());
        Migration after =
                transition.committed(database.now(), database.generations(from)).with(current.intent());
        database.put(moved(row, after));
        if (after.state() == MigrationState.ForwardOnly.HYDRATING) {
            pacing.holdBack(after);
        }
        if (after.state() == MigrationState.Terminal.DONE) {
            retention.retain(after);
        }
        if (flaw.remembersWhatIsLeftBehind()) {
            transition.without().forEach(host -> database.leaveBehind(host, after.id(), true));
        }
        database.onCommit(() -> committed.committed(transition, after));
        return new Outcome.Committed(after);
    }

    private boolean holds(Transition transition, Migration current) {
        Migration from = transition.from();
        boolean same = current.position().version() == from.position().version() && current.epoch() == from.epoch();
        String group = transition.committed(database.now(), Generations.NONE).cutoverGroup();
        boolean groupFree = group == null
                || database.live().stream()
                        .noneMatch(other -> !other.id().equals(from.id()) && group.equals(other.cutoverGroup()));
        boolean unchanged =
                transition.unchanged() == null || transition.unchanged().equals(database.generations(from));
        Limits limits = database.limits(current, List.of());
        boolean allowed = transition.slots() == null
                || transition.slots().equals(new Transition.Slots(limits.perSource(), limits.perDestination()));
        boolean open = !transition.needsOpenDestination() || database.takesVolumes(from.destination());
        return (open || !flaw.comparesOpenness())
                && (same || !flaw.comparesVersions())
                && (groupFree || !flaw.keepsGroupsApart())
                && ((unchanged && allowed) || !flaw.comparesGenerations())
                && pacing.stillRoom(transition.rooms());
    }

    /** The trigger {@code forward_stays_forward}. */
    private boolean mayFollow(MigrationState from, MigrationState to) {
        return !flaw.staysForward() || !pastReturn(from) || pastReturn(to);
    }

    private static boolean pastReturn(MigrationState state) {
        return state instanceof MigrationState.ForwardOnly || state == MigrationState.Terminal.DONE;
    }

    private void raise(WorkerId worker, boolean asked) {
        if (asked) {
            database.put(database.worker(worker).raised());
        }
    }

    private static MigrationRow moved(MigrationRow row, Migration after) {
        Instant at = after.position().since();
        return new MigrationRow(
                after,
                row.attempt(),
                after.state() == MigrationState.Reversible.STOPPING ? at : row.stoppingAt(),
                after.state() == MigrationState.ForwardOnly.HYDRATING ? at : row.runningAt());
    }

    @Override
    public List<LeftBehind> leftBehind() {
        List<LeftBehind> found = new ArrayList<>();
        for (SimulatedDatabase.WorkerRow worker : database.workers()) {
            Sighting sighting = worker.sighting();
            if (sighting != null && sighting.report().appliedGeneration() >= worker.generation()) {
                WorkerId host = worker.profile().id();
                database.toClear(host).forEach(left -> found.add(new LeftBehind(left, host, sighting.report())));
            }
        }
        return found;
    }

    @Override
    public void cleared(MigrationId migration, WorkerId host) {
        if (database.isLeftBehind(host, migration)) {
            database.leaveBehind(host, migration, false);
            database.put(database.worker(host).raised());
        }
    }

    @Override
    public void note(MigrationId id, long version, Reason reason) {
        MigrationRow row = database.migration(id);
        if (row != null && row.migration().live() && row.migration().position().version() == version) {
            Migration before = row.migration();
            database.put(row.with(before.with(before.position().waiting(reason, database.now()))));
        }
    }
}
