package io.sluice.orchestrator.simulation;

import io.sluice.agent.api.MigrationId;
import io.sluice.agent.api.WorkerId;
import io.sluice.orchestrator.drain.Drain;
import io.sluice.orchestrator.drain.MigrationRecord;
import io.sluice.orchestrator.drain.StoredPlan;
import io.sluice.orchestrator.fleet.DrainId;
import io.sluice.orchestrator.fleet.Sighting;
import io.sluice.orchestrator.fleet.WorkerProfile;
import io.sluice.orchestrator.migration.Generations;
import io.sluice.orchestrator.migration.Intent;
import io.sluice.orchestrator.migration.Limits;
import io.sluice.orchestrator.migration.Migration;
import io.sluice.orchestrator.migration.MigrationState;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The tables, as rows that are replaced and never changed. What is written in a transaction that does not commit is taken
 * back; transactions do not overlap, since a simulation has one thread and lets none of them wait.
 */
final class SimulatedDatabase {
    /** A row of {@code worker} with its newest report. */
    record WorkerRow(
            WorkerProfile profile,
            boolean cordoned,
            long generation,
            long converged,
            @Nullable Sighting sighting,
            boolean writtenOff) {
        WorkerRow cordoned(boolean next) {
            return new WorkerRow(profile, next, generation, converged, sighting, writtenOff);
        }

        WorkerRow raised() {
            return new WorkerRow(profile, cordoned, generation + 1, converged, sighting, writtenOff);
        }

        WorkerRow writtenOff(boolean next) {
            return new WorkerRow(profile, true, generation + 1, converged, sighting, next);
        }

        /** With the generation that it is now known to have nothing left to do for. */
        WorkerRow seen(Sighting next, long nowConverged) {
            return new WorkerRow(profile, cordoned, generation, Math.max(converged, nowConverged), next, writtenOff);
        }
    }

    /** A row of {@code migration}. */
    record MigrationRow(
            Migration migration,
            MigrationRecord.Attempt attempt,
            @Nullable Instant stoppingAt,
            @Nullable Instant runningAt) {
        MigrationRow with(Migration next) {
            return new MigrationRow(next, attempt, stoppingAt, runningAt);
        }
    }

    /** A row of {@code left_behind}. */
    private record LeftBehindKey(WorkerId worker, MigrationId migration) {}

    private final Supplier<Instant> clock;
    private final Map<WorkerId, WorkerRow> workers = new LinkedHashMap<>();
    private final Map<DrainId, Drain> drains = new LinkedHashMap<>();
    private final Map<DrainId, StoredPlan> newestPlans = new LinkedHashMap<>();
    private final Map<MigrationId, MigrationRow> migrations = new LinkedHashMap<>();
    private final Map<LeftBehindKey, Boolean> leftBehind = new LinkedHashMap<>();
    private final Map<String, Long> epochs = new LinkedHashMap<>();
    private final Deque<Runnable> undo = new ArrayDeque<>();
    private final List<Runnable> afterCommit = new ArrayList<>();
    private final Map<MigrationId, MigrationRow> live = new LinkedHashMap<>();
    private long ids;
    private boolean open;

    SimulatedDatabase(Supplier<Instant> clock) {
        this.clock = clock;
    }

    Instant now() {
        return clock.get();
    }

    /** A number never given out before; a sequence, so it is not taken back. */
    long fresh() {
        return ++ids;
    }

    boolean inTransaction() {
        return open;
    }

    void begin() {
        open = true;
    }

    void commit() {
        open = false;
        undo.clear();
        List<Runnable> hooks = List.copyOf(afterCommit);
        afterCommit.clear();
        hooks.forEach(Runnable::run);
    }

    void rollBack() {
        open = false;
        afterCommit.clear();
        while (!undo.isEmpty()) {
            undo.pop().run();
        }
    }

    /** To be done when the transaction has committed, as a notification is. */
    void onCommit(Runnable hook) {
        if (open) {
            afterCommit.add(hook);
        } else {
            hook.run();
        }
    }

    /** Puts a row into a table, or takes it away with null, as a part of the transaction that is open. */
    <K, V> void put(Map<K, V> table, K key, @Nullable V row) {
        V before = row == null ? table.remove(key) : table.put(key, row);
        if (open) {
            undo.push(() -> restore(table, key, before));
        }
    }

    private static <K, V> void restore(Map<K, V> table, K key, @Nullable V before) {
        if (before == null) {
            table.remove(key);
        } else {
            table.put(key, before);
        }
    }

    WorkerRow worker(WorkerId worker) {
        return Objects.requireNonNull(workers.get(worker), () -> "worker " + worker);
    }

    List<WorkerRow> workers() {
        return new ArrayList<>(workers.values());
    }

    void put(WorkerRow row) {
        put(workers, row.profile().id(), row);
    }

    @Nullable
    Drain drain(DrainId id) {
        return drains.get(id);
    }

    List<Drain> drains() {
        return new ArrayList<>(drains.values());
    }

    @Nullable
    Drain openDrain(WorkerId worker) {
        for (Drain drain : drains.values()) {
            if (drain.open() && drain.worker().equals(worker)) {
                return drain;
            }
        }
        return null;
    }

    void put(Drain drain) {
        Drain other = openDrain(drain.worker());
        if (drain.open() && other != null && !other.id().equals(drain.id())) {
            throw new IllegalStateException("drain_open_once_per_worker: " + drain.worker());
        }
        put(drains, drain.id(), drain);
    }

    @Nullable
    StoredPlan newestPlan(DrainId drain) {
        return newestPlans.get(drain);
    }

    void put(DrainId drain, StoredPlan plan) {
        put(newestPlans, drain, plan);
    }

    @Nullable
    MigrationRow migration(MigrationId id) {
        return migrations.get(id);
    }

    List<MigrationRow> migrations() {
        return new ArrayList<>(migrations.values());
    }

    /** What has not ended, oldest first. */
    List<Migration> live() {
        List<Migration> found = new ArrayList<>(live.size());
        live.values().forEach(row -> found.add(row.migration()));
        return found;
    }

    void put(MigrationRow row) {
        Migration migration = row.migration();
        put(migrations, migration.id(), row);
        put(live, migration.id(), migration.live() ? row : null);
    }

    void intend(MigrationId id, Intent intent) {
        MigrationRow row = migrations.get(id);
        if (row != null) {
            put(row.with(row.migration().with(intent)));
        }
    }

    long epoch(String subject) {
        return epochs.getOrDefault(subject, 0L);
    }

    void putEpoch(String subject, long epoch) {
        if (epoch <= epoch(subject)) {
            throw new IllegalStateException("epoch of " + subject + " may not fall to " + epoch);
        }
        put(epochs, subject, epoch);
    }

    /** Whether it moves something that is not on its drain's worker. */
    boolean isThirdParty(MigrationId id) {
        MigrationRow row = migration(id);
        return row != null && row.attempt().makesRoomFor() != null;
    }

    /** Neither cordoned nor draining. */
    boolean takesVolumes(WorkerId worker) {
        return !worker(worker).cordoned() && !worker(worker).writtenOff() && openDrain(worker) == null;
    }

    void leaveBehind(WorkerId worker, MigrationId migration, boolean there) {
        put(leftBehind, new LeftBehindKey(worker, migration), there ? Boolean.TRUE : null);
    }

    /** Whether the worker may still hold something of this migration, which ended without it. */
    boolean isLeftBehind(WorkerId worker, MigrationId migration) {
        return leftBehind.containsKey(new LeftBehindKey(worker, migration));
    }

    /** Whether a worker is told of a migration of its own: not of one that is given up, while it is written off as its source. */
    boolean isNamed(WorkerId worker, Migration migration) {
        boolean givenUp = migration.state() == MigrationState.Reversible.ABORTING
                || migration.state() == MigrationState.Terminal.ABORTED;
        return !(givenUp && migration.source().equals(worker) && worker(worker).writtenOff());
    }

    boolean anythingLeftBehind() {
        return !leftBehind.isEmpty();
    }

    /** What a worker is told to clear away. */
    List<Migration> toClear(WorkerId worker) {
        List<Migration> found = new ArrayList<>();
        for (LeftBehindKey key : leftBehind.keySet()) {
            Migration migration =
                    Objects.requireNonNull(migrations.get(key.migration())).migration();
            if (key.worker().equals(worker) && isNamed(worker, migration)) {
                found.add(migration);
            }
        }
        return found;
    }

    Generations generations(Migration migration) {
        return new Generations(
                worker(migration.source()).generation(),
                worker(migration.destination()).generation());
    }

    /** What the migration's drain allows, and how urgent the drains of those others are. */
    Limits limits(Migration migration, List<Migration> others) {
        Drain drain = drains.get(migration.drain());
        if (drain == null) {
            return Limits.DEFAULT;
        }
        Map<DrainId, Integer> priorities = new LinkedHashMap<>();
        for (Migration other : others) {
            Drain theirs = drains.get(other.drain());
            if (theirs != null) {
                priorities.put(theirs.id(), theirs.order().limits().priority());
            }
        }
        return Limits.DEFAULT
                .withConcurrency(drain.order().perSource(), drain.order().perDestination())
                .steered(drain.steering().withPriorities(priorities));
    }
}
