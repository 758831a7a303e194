package io.sluice.orchestrator.simulation;

import io.sluice.agent.api.ChapSecrets;
import io.sluice.agent.api.HostReport;
import io.sluice.agent.api.HostSpec;
import io.sluice.agent.api.MigrationId;
import io.sluice.agent.api.WorkerId;
import io.sluice.orchestrator.fleet.FleetSnapshot;
import io.sluice.orchestrator.fleet.Sighting;
import io.sluice.orchestrator.fleet.Worker;
import io.sluice.orchestrator.fleet.WorkerProfile;
import io.sluice.orchestrator.migration.Generations;
import io.sluice.orchestrator.migration.HostSpecs;
import io.sluice.orchestrator.migration.Intent;
import io.sluice.orchestrator.migration.Limits;
import io.sluice.orchestrator.migration.Migration;
import io.sluice.orchestrator.migration.MigrationStore;
import io.sluice.orchestrator.migration.Situation;
import io.sluice.orchestrator.migration.Terms;
import io.sluice.orchestrator.migration.Transition;
import io.sluice.orchestrator.reason.Reason;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The store's semantics in memory; what it holds survives every restart of the orchestrator. */
final class SimulatedStore implements MigrationStore {
    /** What happens around a store while a decision is being made. */
    interface Surroundings {
        /** After a situation was read and before it is decided on: here another replica may act. */
        void read(MigrationId migration);

        /** After a commit went through and before anybody is told: here the orchestrator may die. */
        void committed(Transition transition, Migration after);
    }

    private static final class Row {
        final WorkerProfile profile;
        boolean cordoned;
        boolean draining;
        long generation;

        @Nullable
        Sighting sighting;

        Row(WorkerProfile profile) {
            this.profile = profile;
        }
    }

    private final Supplier<Instant> clock;
    private final Limits limits;
    private final Flaw flaw;
    private final Map<WorkerId, Row> workers = new LinkedHashMap<>();
    private final Map<MigrationId, Migration> migrations = new LinkedHashMap<>();
    private Surroundings surroundings = new Surroundings() {
        @Override
        public void read(MigrationId migration) {}

        @Override
        public void committed(Transition transition, Migration after) {}
    };

    SimulatedStore(Supplier<Instant> clock, Limits limits, Flaw flaw) {
        this.clock = clock;
        this.limits = limits;
        this.flaw = flaw;
    }

    void surroundWith(Surroundings next) {
        surroundings = next;
    }

    void add(WorkerProfile profile) {
        workers.put(profile.id(), new Row(profile));
    }

    void add(Migration migration) {
        migrations.put(migration.id(), migration);
    }

    void cordon(WorkerId worker, boolean cordoned) {
        row(worker).cordoned = cordoned;
    }

    void drain(WorkerId worker, boolean draining) {
        row(worker).draining = draining;
    }

    void intend(MigrationId migration, Intent intent) {
        migrations.computeIfPresent(migration, (id, before) -> before.with(intent));
    }

    boolean open(WorkerId worker) {
        return !row(worker).cordoned && !row(worker).draining;
    }

    long generation(WorkerId worker) {
        return row(worker).generation;
    }

    List<Migration> migrations() {
        return List.copyOf(migrations.values());
    }

    List<Migration> live() {
        return migrations.values().stream().filter(Migration::live).toList();
    }

    /** Takes a report unless a newer one is here. */
    void report(HostReport report) {
        Row row = row(report.worker());
        HostReport last = row.sighting == null ? null : row.sighting.report();
        boolean newer = last == null
                || report.incarnation() > last.incarnation()
                || (report.incarnation() == last.incarnation() && report.sequence() > last.sequence());
        if (newer) {
            row.sighting = new Sighting(report, clock.get());
        }
    }

    HostSpec spec(WorkerId worker) {
        List<HostSpecs.Part> parts = new ArrayList<>();
        for (Migration migration : live()) {
            parts.add(flaw.told(new HostSpecs.Part(migration, terms(migration))));
        }
        return HostSpecs.of(worker, row(worker).generation, parts);
    }

    FleetSnapshot fleet() {
        List<Worker> seen = workers.values().stream()
                .map(row -> new Worker(
                        row.profile,
                        row.sighting != null
                                && row.sighting.at().plus(limits.silentAfter()).isAfter(clock.get()),
                        row.cordoned,
                        row.draining,
                        row.sighting == null ? null : row.sighting.report()))
                .toList();
        return new FleetSnapshot(
                seen, live().stream().map(Migration::reservation).toList());
    }

    @Override
    public @Nullable Situation situation(MigrationId id) {
        Migration migration = migrations.get(id);
        if (migration == null) {
            return null;
        }
        List<Migration> others = live().stream()
                .filter(other -> !other.id().equals(id) && related(other, migration))
                .toList();
        Situation situation = new Situation(
                migration,
                clock.get(),
                row(migration.source()).sighting,
                row(migration.destination()).sighting,
                generations(migration),
                open(migration.destination()),
                others,
                limits);
        surroundings.read(id);
        return flaw.shown(situation);
    }

    @Override
    public List<Situation> situations(WorkerId worker) {
        return live().stream()
                .filter(migration -> migration.source().equals(worker)
                        || migration.destination().equals(worker))
                .sorted(Comparator.comparing(migration -> !migration.state().inCutover()))
                .map(migration -> Objects.requireNonNull(situation(migration.id())))
                .toList();
    }

    @Override
    public Outcome commit(Transition transition) {
        Migration from = transition.from();
        Migration current = Objects.requireNonNull(migrations.get(from.id()));
        if (flaw.compares() && !holds(transition, current)) {
            return new Outcome.Conflict();
        }
        row(from.source()).generation += transition.asksSource() ? 1 : 0;
        row(from.destination()).generation += transition.asksDestination() ? 1 : 0;
        Migration after = transition.committed(clock.get(), generations(from)).with(current.intent());
        migrations.put(after.id(), after);
        surroundings.committed(transition, after);
        return new Outcome.Committed(after);
    }

    @Override
    public void note(MigrationId id, long version, Reason reason) {
        migrations.computeIfPresent(
                id,
                (key, before) -> before.position().version() == version
                        ? before.with(before.position().waiting(reason, clock.get()))
                        : before);
    }

    private boolean holds(Transition transition, Migration current) {
        Migration from = transition.from();
        String group = transition.committed(clock.get(), Generations.NONE).cutoverGroup();
        boolean groupFree = group == null
                || live().stream()
                        .noneMatch(other -> !other.id().equals(from.id()) && group.equals(other.cutoverGroup()));
        return current.position().version() == from.position().version()
                && current.epoch() == from.epoch()
                && groupFree
                && (transition.unchanged() == null || transition.unchanged().equals(generations(from)));
    }

    private Generations generations(Migration migration) {
        return new Generations(row(migration.source()).generation, row(migration.destination()).generation);
    }

    private static boolean related(Migration one, Migration other) {
        return one.source().equals(other.source())
                || one.destination().equals(other.destination())
                || one.source().equals(other.destination())
                || one.destination().equals(other.source())
                || (one.cargo().group() != null
                        && one.cargo().group().equals(other.cargo().group()));
    }

    private Terms terms(Migration migration) {
        String secret = "secret-of-" + migration.id();
        return new Terms(
                row(migration.source()).profile.portal(),
                row(migration.destination()).profile.initiatorName(),
                new ChapSecrets("in", secret, "out", "mutual-" + secret),
                Simulation.RETAIN_SECONDS);
    }

    private Row row(WorkerId worker) {
        return Objects.requireNonNull(workers.get(worker), () -> "worker " + worker);
    }
}
