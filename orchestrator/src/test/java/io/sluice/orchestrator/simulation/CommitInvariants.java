package io.sluice.orchestrator.simulation;

import io.sluice.agent.api.MigrationId;
import io.sluice.agent.api.PoolName;
import io.sluice.agent.api.PoolReport;
import io.sluice.agent.api.VolumeId;
import io.sluice.agent.api.VolumeRole;
import io.sluice.agent.api.WorkerId;
import io.sluice.agent.testing.FakeHost;
import io.sluice.orchestrator.drain.Drain;
import io.sluice.orchestrator.fleet.DrainId;
import io.sluice.orchestrator.migration.Limits;
import io.sluice.orchestrator.migration.Migration;
import io.sluice.orchestrator.migration.MigrationState;
import io.sluice.orchestrator.migration.MigrationState.ForwardOnly;
import io.sluice.orchestrator.migration.MigrationState.Reversible;
import io.sluice.orchestrator.migration.MigrationState.Terminal;
import io.sluice.orchestrator.migration.Transition;
import io.sluice.orchestrator.plan.Permission;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** The invariants that a commit could break, by their numbers in the architecture's list; each is checked at the commit. */
final class CommitInvariants {
    /** A decision may rest on limits that were read before its replica was stopped for a while. */
    private static final long LIMIT_LAG_MILLIS = 25_000;

    private final Timeline timeline;
    private final SimulatedDatabase database;
    private final List<SimulatedAgent> agents;
    private final Statistics statistics;
    private final Map<MigrationId, Migration> last = new HashMap<>();
    private final Map<VolumeId, Long> epochs = new HashMap<>();
    private final Map<DrainId, Limit> eased = new HashMap<>();

    private record Limit(int perSource, int perDestination, long until) {}

    CommitInvariants(
            Timeline timeline, SimulatedDatabase database, List<SimulatedAgent> agents, Statistics statistics) {
        this.timeline = timeline;
        this.database = database;
        this.agents = agents;
        this.statistics = statistics;
    }

    private void require(int invariant, boolean holds, java.util.function.Supplier<String> otherwise) {
        statistics.checked(invariant);
        Breach.unless(holds, invariant, otherwise);
    }

    /** A plan was adopted: nothing is placed where it may not land or does not fit, and under no epoch that was given before. */
    void adopted(Migration migration) {
        require(
                5,
                database.takesVolumes(migration.destination()),
                () -> migration.id() + " was placed on " + migration.destination() + ", which takes nothing");
        for (VolumeId volume : migration.cargo().volumeIds()) {
            long before = epochs.getOrDefault(volume, 0L);
            require(
                    4,
                    migration.epoch() > before,
                    () -> "epoch " + migration.epoch() + " of " + volume + " after " + before);
            epochs.put(volume, migration.epoch());
        }
        last.put(migration.id(), migration);
        room(migration.destination());
        if (database.isThirdParty(migration.id())) {
            thirdParty(migration);
        }
    }

    /** Within the drain's permission, of a worker that stays as it is, and only once all room made before was seen to be free. */
    private void thirdParty(Migration migration) {
        Drain drain = Objects.requireNonNull(database.drain(migration.drain()));
        require(
                5,
                database.takesVolumes(migration.source()),
                () -> migration.id() + " moves what is others' from " + migration.source()
                        + ", which is cordoned or drained");
        long volumes = 0;
        long bytes = 0;
        for (SimulatedDatabase.MigrationRow row : database.migrations()) {
            Migration other = row.migration();
            if (other.drain().equals(drain.id()) && database.isThirdParty(other.id())) {
                if (other.state() != Terminal.ABORTED) {
                    volumes += other.cargo().volumes().size();
                    bytes += other.cargo().sizeBytes();
                }
                boolean earlier =
                        !other.position().since().equals(migration.position().since());
                require(
                        5,
                        !earlier || !takesRoom(other),
                        () -> migration.id() + " was planned while " + other.id() + " still takes its room");
            }
        }
        Permission permission = drain.order().limits().permission();
        require(
                5,
                permission.covers((int) volumes, bytes),
                () -> drain.id() + " moves what is others' beyond " + permission);
    }

    /** It is under way, or what it retired lies on a worker that is heard of. */
    private boolean takesRoom(Migration migration) {
        if (migration.live()) {
            return true;
        }
        var sighting = database.worker(migration.source()).sighting();
        boolean heard = sighting != null
                && sighting.at().plus(Limits.DEFAULT.silentAfter()).isAfter(database.now());
        return heard
                && migration.state() == Terminal.DONE
                && host(migration.source()).copies().stream()
                        .anyMatch(copy -> copy.role() == VolumeRole.RETIRED
                                && migration.cargo().volumes().stream()
                                        .anyMatch(volume -> volume.id().equals(copy.volume())
                                                && volume.epoch()
                                                        == copy.standing().epoch()));
    }

    /** What is there and what is still to come fit together. */
    private void room(WorkerId worker) {
        FakeHost host = host(worker);
        for (PoolReport pool : host.pools()) {
            long coming = 0;
            for (Migration live : database.live()) {
                if (live.destination().equals(worker)) {
                    coming += toCome(live, pool.name(), host);
                }
            }
            long promised = pool.committedBytes() + coming;
            require(
                    5,
                    promised <= pool.capacityBytes(),
                    () -> worker + " is promised " + promised + " bytes of " + pool.capacityBytes());
        }
    }

    private static long toCome(Migration migration, PoolName pool, FakeHost host) {
        long coming = 0;
        for (int i = 0; i < migration.cargo().volumes().size(); i++) {
            var volume = migration.cargo().volumes().get(i);
            if (migration.route().pools().get(i).equals(pool) && host.volume(volume.id()) == null) {
                coming += volume.sizeBytes();
            }
        }
        return coming;
    }

    /** The limits of a drain change: what was decided on the old ones may still be committed for a moment. */
    void limitsChange(DrainId drain, int perSource, int perDestination) {
        eased.put(drain, new Limit(perSource, perDestination, timeline.elapsedMillis() + LIMIT_LAG_MILLIS));
    }

    void committed(Transition transition, Migration after) {
        Migration before = last.get(after.id());
        if (before == null) {
            throw new Breach(4, after.id() + " was never planned");
        }
        MigrationState from = before.state();
        require(
                4,
                from == transition.from().state(),
                () -> after.id() + " went to " + after.state() + " from "
                        + transition.from().state() + " though it was " + from);
        require(4, mayFollow(from, after.state()), () -> after.id() + " went from " + from + " to " + after.state());
        require(
                4,
                after.position().version() > before.position().version(),
                () -> "version of " + after.id() + " fell");
        require(4, after.epoch() == before.epoch(), () -> "epoch of " + after.id() + " changed");
        last.put(after.id(), after);
        if (after.state() == Reversible.PREPARING) {
            slots(after);
        }
        if (after.state() == Reversible.PREPARING || after.state() == Reversible.STOPPING) {
            require(
                    5,
                    database.takesVolumes(after.destination()),
                    () -> after.id() + " became " + after.state() + " towards " + after.destination()
                            + ", which takes nothing");
        }
        if (after.state().inCutover()) {
            groups(after);
        }
        agents.stream()
                .filter(agent ->
                        agent.worker().equals(after.source()) || agent.worker().equals(after.destination()))
                .forEach(SimulatedAgent::touch);
    }

    /** The design's table, edge by edge. */
    private static boolean mayFollow(MigrationState from, MigrationState to) {
        return switch (from) {
            case Reversible.PLANNED -> to == Reversible.PREPARING || to == Terminal.ABORTED;
            case Reversible.PREPARING -> to == Reversible.READY || to == Reversible.ABORTING;
            case Reversible.READY -> to == Reversible.STOPPING || to == Reversible.ABORTING;
            case Reversible.STOPPING -> to == Reversible.CLONING || to == Reversible.ABORTING;
            case Reversible.CLONING -> to == ForwardOnly.STARTING || to == Reversible.ABORTING;
            case Reversible.ABORTING -> to == Terminal.ABORTED;
            case ForwardOnly.STARTING -> to == ForwardOnly.HYDRATING;
            case ForwardOnly.HYDRATING -> to == ForwardOnly.SETTLING;
            case ForwardOnly.SETTLING -> to == ForwardOnly.RELEASING;
            case ForwardOnly.RELEASING -> to == Terminal.DONE;
            case Terminal.DONE, Terminal.ABORTED -> false;
        };
    }

    /** What has just taken a slot found one free. */
    private void slots(Migration begun) {
        int leaving = 0;
        int entering = 0;
        for (Migration live : database.live()) {
            if (live.state().holdsSlot()) {
                leaving += live.source().equals(begun.source()) ? 1 : 0;
                entering += live.destination().equals(begun.destination()) ? 1 : 0;
            }
        }
        var limits = database.limits(begun, List.of());
        Limit lately = eased.get(begun.drain());
        int mayLeave = limits.perSource();
        int mayEnter = limits.perDestination();
        if (lately != null && timeline.elapsedMillis() <= lately.until()) {
            mayLeave = Math.max(mayLeave, lately.perSource());
            mayEnter = Math.max(mayEnter, lately.perDestination());
        }
        boolean kept = leaving <= mayLeave && entering <= mayEnter;
        String now = leaving + " leave " + begun.source() + ", " + entering + " enter " + begun.destination();
        require(5, kept, () -> now);
    }

    private void groups(Migration inCutover) {
        String group = inCutover.cutoverGroup();
        if (group != null) {
            long together = database.live().stream()
                    .filter(live -> group.equals(live.cutoverGroup()))
                    .count();
            require(5, together <= 1, () -> together + " members of " + group + " are in cutover");
        }
    }

    private FakeHost host(WorkerId worker) {
        return agents.stream()
                .filter(agent -> agent.worker().equals(worker))
                .findFirst()
                .orElseThrow()
                .host();
    }
}
