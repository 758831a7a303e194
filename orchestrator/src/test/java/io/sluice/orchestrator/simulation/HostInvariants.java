package io.sluice.orchestrator.simulation;

import io.sluice.agent.api.MigrationId;
import io.sluice.agent.api.PoolReport;
import io.sluice.agent.api.VolumeId;
import io.sluice.agent.api.VolumeRole;
import io.sluice.agent.api.WorkerId;
import io.sluice.agent.api.WorkloadDefinition;
import io.sluice.agent.reconcile.CloneState;
import io.sluice.agent.reconcile.ExportState;
import io.sluice.agent.reconcile.VolumeState;
import io.sluice.agent.testing.FakeHost;
import io.sluice.orchestrator.drain.Drain;
import io.sluice.orchestrator.drain.DrainOptions;
import io.sluice.orchestrator.migration.Migration;
import io.sluice.orchestrator.migration.MigrationState;
import io.sluice.orchestrator.migration.Transition;
import io.sluice.orchestrator.retention.RetainedCopy;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/**
 * The invariants about what is on hosts, by their numbers in the architecture's list. Checked after every event that touched a
 * host: nothing else changes what they speak of.
 */
final class HostInvariants {
    private final Timeline timeline;
    private final SimulatedDatabase database;
    private final List<SimulatedAgent> agents;
    private final Workloads workloads;
    private final Statistics statistics;
    private final Map<WorkerId, Seen> seen = new HashMap<>();
    private final Map<MigrationId, Long> releases = new HashMap<>();
    private final Set<CopyOn> kept = new HashSet<>();
    private final Set<CopyOn> deletable = new HashSet<>();
    private final Set<VolumeId> spoiled = new HashSet<>();

    private record ExportKey(MigrationId migration, VolumeId volume) {}

    private record CopyKey(VolumeId volume, long epoch) {}

    private record CopyOn(WorkerId worker, CopyKey copy) {}

    /** What was last seen of one host. */
    private static final class Seen {
        Set<ExportKey> exports = Set.of();
        Map<CopyKey, VolumeRole> copies = Map.of();
        int crashes;
        long generation;
        long told;
    }

    HostInvariants(
            Timeline timeline,
            SimulatedDatabase database,
            List<SimulatedAgent> agents,
            Workloads workloads,
            Statistics statistics) {
        this.timeline = timeline;
        this.database = database;
        this.agents = agents;
        this.workloads = workloads;
        this.statistics = statistics;
    }

    private void require(int invariant, boolean holds, Supplier<String> otherwise) {
        statistics.checked(invariant);
        Breach.unless(holds, invariant, otherwise);
    }

    /** The volume's newest copy is known to be bad: it reads wrong, and so may never be taken for good. */
    void spoiled(VolumeId volume) {
        spoiled.add(volume);
    }

    boolean isSpoiled(VolumeId volume) {
        return spoiled.contains(volume);
    }

    void check() {
        boolean any = false;
        for (SimulatedAgent agent : agents) {
            if (agent.wasTouched()) {
                any = true;
                host(agent);
            }
        }
        if (any) {
            workloads.volumes().forEach(this::oneWriter);
            workloads.definitions().forEach(this::oneRunner);
        }
    }

    /** 1, and 6 for the copy that may be written: it shows what was acknowledged. */
    private void oneWriter(VolumeId volume) {
        FakeHost writer = null;
        for (SimulatedAgent agent : agents) {
            if (agent.host().isWritable(volume)) {
                FakeHost other = writer;
                require(
                        1,
                        other == null,
                        () -> volume + " is writable on " + agent.worker() + " and "
                                + (other == null ? "" : other.worker()));
                writer = agent.host();
            }
        }
        if (writer != null && !spoiled.contains(volume)) {
            requireContent(6, writer, volume);
        }
    }

    private void requireContent(int invariant, FakeHost host, VolumeId volume) {
        long[] expected = workloads.content(volume);
        for (int block = 0; block < expected.length; block++) {
            Long content = host.content(volume, block);
            int at = block;
            require(
                    invariant,
                    content == null || content == expected[at],
                    () -> volume + " on " + host.worker() + " has " + content + " in block " + at
                            + ", acknowledged was " + expected[at]);
        }
    }

    /** 1, and 6 for what the workload reads. */
    private void oneRunner(WorkloadDefinition workload) {
        FakeHost runner = null;
        for (SimulatedAgent agent : agents) {
            if (agent.host().isRunning(workload.id())) {
                FakeHost other = runner;
                require(
                        1,
                        other == null,
                        () -> workload.id() + " runs on " + agent.worker() + " and "
                                + (other == null ? "" : other.worker()));
                runner = agent.host();
            }
        }
        if (runner != null) {
            for (VolumeId volume : workload.volumes()) {
                reads(runner, workload, volume);
            }
        }
    }

    private void reads(FakeHost host, WorkloadDefinition workload, VolumeId volume) {
        long[] expected = workloads.content(volume);
        for (int block = 0; block < expected.length && !spoiled.contains(volume); block++) {
            Long content = host.read(workload.id(), volume, block);
            int at = block;
            require(
                    6,
                    content == null || content == expected[at],
                    () -> workload.id() + " on " + host.worker() + " reads " + content + " in block " + at + " of "
                            + volume + ", acknowledged was " + expected[at]);
        }
    }

    private void host(SimulatedAgent agent) {
        Seen before = seen.computeIfAbsent(agent.worker(), worker -> new Seen());
        generations(agent, before);
        exports(agent, before);
        copies(agent, before);
        before.crashes = agent.crashes();
        for (CloneState clone : agent.host().clones()) {
            require(7, mayBeHeld(agent, clone.migration()), () -> agent.worker() + " keeps " + clone);
        }
        for (PoolReport pool : agent.host().pools()) {
            require(5, pool.committedBytes() <= pool.capacityBytes(), () -> agent.worker() + " is over-full: " + pool);
        }
    }

    /** It goes on, or has ended without this worker, which was written off. */
    private boolean mayBeHeld(SimulatedAgent agent, MigrationId migration) {
        return migration(migration).live() || database.isLeftBehind(agent.worker(), migration);
    }

    private void generations(SimulatedAgent agent, Seen before) {
        Long generation = agent.generation();
        if (generation != null) {
            require(4, generation >= before.generation, () -> agent.worker() + " took up an older spec");
            before.generation = generation;
        }
        long told = database.worker(agent.worker()).generation();
        require(4, told >= before.told, () -> "the generation of " + agent.worker() + " fell");
        before.told = told;
    }

    /** 2: an export that is gone without a crash was no longer needed, or its migration was given up. 7: none outlives it. */
    private void exports(SimulatedAgent agent, Seen before) {
        Set<ExportKey> now = new HashSet<>();
        for (ExportState export : agent.host().exports()) {
            ExportKey key =
                    new ExportKey(export.order().migration(), export.order().volume());
            now.add(key);
            require(7, mayBeHeld(agent, key.migration()), () -> agent.worker() + " keeps " + export);
        }
        if (before.crashes == agent.crashes()) {
            for (ExportKey export : before.exports) {
                Migration migration = migration(export.migration());
                require(
                        2,
                        now.contains(export) || givenUp(migration) || released(migration),
                        () -> "the export of " + export + " closed in " + migration.state());
            }
        }
        before.exports = now;
    }

    /** 3: a copy that is gone was made in vain, or retired for long enough and a newer one was whole. */
    private void copies(SimulatedAgent agent, Seen before) {
        Map<CopyKey, VolumeRole> now = new HashMap<>();
        for (VolumeState copy : agent.host().copies()) {
            CopyKey key = new CopyKey(copy.volume(), copy.standing().epoch());
            now.put(key, copy.role());
            if (copy.role() == VolumeRole.INCOMING) {
                MigrationId maker = copy.standing().migration();
                require(7, maker == null || mayBeHeld(agent, maker), () -> agent.worker() + " keeps " + copy);
            }
        }
        before.copies.forEach((copy, role) -> {
            if (!now.containsKey(copy) && !agent.gone()) {
                require(
                        3,
                        madeInVain(agent.worker(), copy) || keptLongEnough(agent, copy, role),
                        () -> agent.worker() + " lost " + copy + ", which was " + role);
            }
        });
        before.copies = now;
    }

    private boolean madeInVain(WorkerId worker, CopyKey copy) {
        return database.migrations().stream()
                .map(SimulatedDatabase.MigrationRow::migration)
                .anyMatch(migration -> migration.epoch() == copy.epoch()
                        && migration.destination().equals(worker)
                        && migration.cargo().volumeIds().contains(copy.volume())
                        && givenUp(migration));
    }

    /** Retired, kept for as long as its drain asked for, and not kept for good; or an operator wanted it to go. */
    private boolean keptLongEnough(SimulatedAgent agent, CopyKey copy, VolumeRole role) {
        CopyOn which = new CopyOn(agent.worker(), copy);
        if (role != VolumeRole.RETIRED || deletable.contains(which)) {
            return role == VolumeRole.RETIRED;
        }
        for (SimulatedDatabase.MigrationRow row : database.migrations()) {
            Migration migration = row.migration();
            Long release = releases.get(migration.id());
            if (release != null && left(migration, agent.worker(), copy) && over(release, migration)) {
                return !kept.contains(which);
            }
        }
        return false;
    }

    private boolean over(long release, Migration migration) {
        Drain drain = database.drain(migration.drain());
        DrainOptions options =
                drain == null ? DrainOptions.DEFAULT : drain.order().options();
        Long asked = options.retainSeconds();
        if (database.isThirdParty(migration.id())) {
            return true;
        }
        long millis = (asked == null ? SimulatedRetention.RETAIN_SECONDS : asked) * 1_000;
        return !options.keepCopies() && timeline.elapsedMillis() - release >= millis;
    }

    /** It was answered that the copy is kept for good. */
    void kept(RetainedCopy.Key copy) {
        kept.add(which(copy));
    }

    /** Somebody asked for its deletion, whenever that may come through. */
    void deletable(RetainedCopy.Key copy) {
        deletable.add(which(copy));
    }

    private static CopyOn which(RetainedCopy.Key copy) {
        return new CopyOn(copy.worker(), new CopyKey(copy.volume(), copy.epoch()));
    }

    private static boolean left(Migration migration, WorkerId worker, CopyKey copy) {
        return migration.source().equals(worker)
                && migration.epoch() > copy.epoch()
                && migration.cargo().volumeIds().contains(copy.volume());
    }

    /** 2 and 3: the source is let go only when all it had is elsewhere. */
    void committed(Transition transition, Migration after) {
        if (after.state() == MigrationState.ForwardOnly.RELEASING) {
            releases.put(after.id(), timeline.elapsedMillis());
            SimulatedAgent destination = agent(after.destination());
            for (VolumeId volume : after.cargo().volumeIds()) {
                var copy = destination.host().volume(volume);
                if (copy != null || !destination.gone()) {
                    require(
                            3,
                            copy != null
                                    && copy.standing().role() == VolumeRole.OWNED
                                    && copy.standing().whole(),
                            () -> after.id() + " releases its source, but " + volume + " is not whole on "
                                    + after.destination());
                    requireContent(3, destination.host(), volume);
                }
            }
        }
    }

    /** 7: a worker that is called drained holds nothing. */
    void drained(WorkerId worker) {
        FakeHost host = agent(worker).host();
        require(
                7,
                host.exports().isEmpty() && host.clones().isEmpty(),
                () -> worker + " is called drained and still serves or clones");
        require(
                7,
                host.copies().stream().allMatch(copy -> copy.role() == VolumeRole.RETIRED),
                () -> worker + " is called drained and has " + host.copies());
        require(
                7,
                workloads.definitions().stream().noneMatch(workload -> host.isRunning(workload.id())),
                () -> worker + " is called drained and runs a workload");
        require(
                7,
                database.live().stream()
                        .noneMatch(live -> live.source().equals(worker)
                                || live.destination().equals(worker)),
                () -> worker + " is called drained and has a live migration");
    }

    private SimulatedAgent agent(WorkerId worker) {
        return agents.stream()
                .filter(agent -> agent.worker().equals(worker))
                .findFirst()
                .orElseThrow();
    }

    private static boolean givenUp(Migration migration) {
        return migration.state() == MigrationState.Reversible.ABORTING
                || migration.state() == MigrationState.Terminal.ABORTED;
    }

    private static boolean released(Migration migration) {
        return migration.state() == MigrationState.ForwardOnly.RELEASING
                || migration.state() == MigrationState.Terminal.DONE;
    }

    private Migration migration(MigrationId id) {
        SimulatedDatabase.MigrationRow row = database.migration(id);
        if (row == null) {
            throw new AssertionError("a host knows migration " + id + ", the database does not");
        }
        return row.migration();
    }
}
