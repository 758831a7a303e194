package io.sluice.orchestrator.simulation;

import io.sluice.agent.api.ExportReport;
import io.sluice.agent.api.HostReport;
import io.sluice.agent.api.IncomingVolumeReport;
import io.sluice.agent.api.MigrationId;
import io.sluice.agent.api.PoolReport;
import io.sluice.agent.api.VolumeId;
import io.sluice.agent.api.VolumeRole;
import io.sluice.agent.api.WorkerId;
import io.sluice.agent.testing.FakeVolume;
import io.sluice.orchestrator.migration.Limits;
import io.sluice.orchestrator.migration.Migration;
import io.sluice.orchestrator.migration.MigrationState;
import io.sluice.orchestrator.migration.Transition;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** The design's invariants, by their numbers there; each is checked after every event or at every commit. */
final class Invariants {
    private final SimulatedStore store;
    private final List<SimulatedAgent> agents;
    private final Workloads workloads;
    private final Limits limits;
    private final Map<WorkerId, Set<ExportKey>> exports = new HashMap<>();
    private final Map<WorkerId, Set<CopyKey>> copies = new HashMap<>();
    private final Map<WorkerId, Long> applied = new HashMap<>();
    private final Map<WorkerId, Long> told = new HashMap<>();
    private final Map<MigrationId, Migration> last = new LinkedHashMap<>();

    private record ExportKey(MigrationId migration, VolumeId volume) {}

    private record CopyKey(VolumeId volume, long epoch) {}

    Invariants(SimulatedStore store, List<SimulatedAgent> agents, Workloads workloads, Limits limits) {
        this.store = store;
        this.agents = agents;
        this.workloads = workloads;
        this.limits = limits;
    }

    /** A crash closes exports, which is no decision. */
    void crashed(SimulatedAgent agent) {
        exports.remove(agent.worker());
    }

    void committed(Transition transition, Migration after) {
        Migration before = last.get(after.id());
        MigrationState from = before == null ? MigrationState.Reversible.PLANNED : before.state();
        require(
                4,
                from == transition.from().state(),
                () -> after.id() + " went to " + after.state() + " from "
                        + transition.from().state() + " though it was " + from);
        require(4, mayFollow(from, after.state()), () -> after.id() + " went from " + from + " to " + after.state());
        require(
                4,
                before == null || after.position().version() > before.position().version(),
                () -> "version fell");
        require(4, before == null || after.epoch() >= before.epoch(), () -> "epoch fell");
        if (after.state() == MigrationState.Reversible.PREPARING) {
            require(5, store.open(after.destination()), () -> after.id() + " began towards a closed worker");
        }
        last.put(after.id(), after);
        ceilings();
        agents.stream()
                .filter(agent ->
                        agent.worker().equals(after.source()) || agent.worker().equals(after.destination()))
                .forEach(SimulatedAgent::touch);
    }

    /** The design's table, edge by edge. */
    private static boolean mayFollow(MigrationState from, MigrationState to) {
        return switch (from) {
            case MigrationState.Reversible.PLANNED ->
                to == MigrationState.Reversible.PREPARING || to == MigrationState.Terminal.ABORTED;
            case MigrationState.Reversible.PREPARING ->
                to == MigrationState.Reversible.READY || to == MigrationState.Reversible.ABORTING;
            case MigrationState.Reversible.READY ->
                to == MigrationState.Reversible.STOPPING || to == MigrationState.Reversible.ABORTING;
            case MigrationState.Reversible.STOPPING ->
                to == MigrationState.Reversible.CLONING || to == MigrationState.Reversible.ABORTING;
            case MigrationState.Reversible.CLONING ->
                to == MigrationState.ForwardOnly.STARTING || to == MigrationState.Reversible.ABORTING;
            case MigrationState.Reversible.ABORTING -> to == MigrationState.Terminal.ABORTED;
            case MigrationState.ForwardOnly.STARTING -> to == MigrationState.ForwardOnly.HYDRATING;
            case MigrationState.ForwardOnly.HYDRATING -> to == MigrationState.ForwardOnly.SETTLING;
            case MigrationState.ForwardOnly.SETTLING -> to == MigrationState.ForwardOnly.RELEASING;
            case MigrationState.ForwardOnly.RELEASING -> to == MigrationState.Terminal.DONE;
            case MigrationState.Terminal.DONE, MigrationState.Terminal.ABORTED -> false;
        };
    }

    /** 5: neither more migrations at once than allowed, nor two members of a group in cutover. */
    private void ceilings() {
        Map<WorkerId, Integer> leaving = new HashMap<>();
        Map<WorkerId, Integer> entering = new HashMap<>();
        Map<String, Integer> cutovers = new HashMap<>();
        for (Migration migration : store.live()) {
            if (migration.state().holdsSlot()) {
                leaving.merge(migration.source(), 1, Integer::sum);
                entering.merge(migration.destination(), 1, Integer::sum);
            }
            if (migration.cutoverGroup() != null) {
                cutovers.merge(migration.cutoverGroup(), 1, Integer::sum);
            }
        }
        require(5, leaving.values().stream().allMatch(n -> n <= limits.perSource()), () -> "leaving: " + leaving);
        require(
                5,
                entering.values().stream().allMatch(n -> n <= limits.perDestination()),
                () -> "entering: " + entering);
        require(5, cutovers.values().stream().allMatch(n -> n <= 1), () -> "cutovers of a group: " + cutovers);
    }

    void check() {
        workloads.volumes().forEach(this::oneWriter);
        workloads
                .ids()
                .forEach(id -> require(
                        1,
                        agents.stream()
                                        .filter(agent -> agent.host().isRunning(id))
                                        .count()
                                <= 1,
                        () -> id + " runs on two hosts"));
        workloads.everyReadIsRight();
        for (SimulatedAgent agent : agents) {
            if (!agent.wasTouched()) {
                continue;
            }
            generations(agent);
            HostReport report = agent.observe();
            if (report != null) {
                exportsClosed(report);
                copiesGone(report);
                nothingLeft(report);
                pools(report);
            }
        }
    }

    private void oneWriter(VolumeId volume) {
        long writable =
                agents.stream().filter(agent -> agent.host().isWritable(volume)).count();
        require(1, writable <= 1, () -> volume + " is writable on " + writable + " hosts");
    }

    private void generations(SimulatedAgent agent) {
        Long generation = agent.generation();
        if (generation != null) {
            Long before = applied.put(agent.worker(), generation);
            require(4, before == null || generation >= before, () -> agent.worker() + " took up an older spec");
        }
        long now = store.generation(agent.worker());
        Long before = told.put(agent.worker(), now);
        require(4, before == null || now >= before, () -> "the generation of " + agent.worker() + " fell");
    }

    /** 2: an export that is gone without a crash was no longer needed, or its migration was given up while reversible. */
    private void exportsClosed(HostReport report) {
        Set<ExportKey> now = new HashSet<>();
        for (ExportReport export : report.exports()) {
            now.add(new ExportKey(export.migration(), export.volume()));
        }
        Set<ExportKey> before = exports.put(report.worker(), now);
        if (before != null) {
            for (ExportKey export : before) {
                if (!now.contains(export)) {
                    Migration migration = migration(export.migration());
                    require(
                            2,
                            givenUp(migration) || whole(migration.destination(), export.volume()),
                            () -> "the export of " + export + " closed in " + migration.state());
                }
            }
        }
    }

    /** 3: a copy that is gone was never the workload's, or a whole newer one is elsewhere. */
    private void copiesGone(HostReport report) {
        Set<CopyKey> now = new HashSet<>();
        report.volumes().forEach(volume -> now.add(new CopyKey(volume.volume(), volume.epoch())));
        Set<CopyKey> before = copies.put(report.worker(), now);
        if (before != null) {
            for (CopyKey copy : before) {
                if (!now.contains(copy)) {
                    boolean madeInVain = store.migrations().stream()
                            .anyMatch(migration -> migration.epoch() == copy.epoch() && givenUp(migration));
                    boolean newer = agents.stream()
                            .map(agent -> agent.host().volume(copy.volume()))
                            .filter(Objects::nonNull)
                            .anyMatch(other -> other.standing().epoch() > copy.epoch()
                                    && other.standing().role() == VolumeRole.OWNED
                                    && other.standing().whole());
                    require(3, madeInVain || newer, () -> report.worker() + " lost " + copy);
                }
            }
        }
    }

    /** 7: what has ended holds nothing. */
    private void nothingLeft(HostReport report) {
        for (ExportReport export : report.exports()) {
            require(7, migration(export.migration()).live(), () -> report.worker() + " keeps " + export);
        }
        for (IncomingVolumeReport incoming : report.incoming()) {
            boolean holds = incoming.attachment() != null || incoming.hydration() != null;
            require(7, !holds || migration(incoming.migration()).live(), () -> report.worker() + " keeps " + incoming);
        }
    }

    private static void pools(HostReport report) {
        for (PoolReport pool : report.pools()) {
            require(5, pool.committedBytes() <= pool.capacityBytes(), () -> report.worker() + " is over-full: " + pool);
        }
    }

    private boolean whole(WorkerId worker, VolumeId volume) {
        return agents.stream()
                .filter(agent -> agent.worker().equals(worker))
                .map(agent -> agent.host().volume(volume))
                .filter(Objects::nonNull)
                .map(FakeVolume::standing)
                .anyMatch(standing -> standing.role() == VolumeRole.OWNED && standing.whole());
    }

    private static boolean givenUp(Migration migration) {
        return migration.state() == MigrationState.Reversible.ABORTING
                || migration.state() == MigrationState.Terminal.ABORTED;
    }

    private Migration migration(MigrationId id) {
        return store.migrations().stream()
                .filter(migration -> migration.id().equals(id))
                .findFirst()
                .orElseThrow(() -> new AssertionError("a host knows migration " + id + ", the store does not"));
    }

    private static void require(int invariant, boolean holds, java.util.function.Supplier<String> otherwise) {
        if (!holds) {
            throw new AssertionError("invariant " + invariant + ": " + otherwise.get());
        }
    }
}
