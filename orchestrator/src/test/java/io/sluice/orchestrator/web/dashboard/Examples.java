package io.sluice.orchestrator.web.dashboard;

import io.sluice.agent.api.CloneEngine;
import io.sluice.orchestrator.drain.DrainMode;
import io.sluice.orchestrator.migration.Intent;
import io.sluice.orchestrator.migration.Steering;
import io.sluice.orchestrator.web.DrainView;
import io.sluice.orchestrator.web.EtaView;
import io.sluice.orchestrator.web.LimitsView;
import io.sluice.orchestrator.web.MigrationView;
import io.sluice.orchestrator.web.Moment;
import io.sluice.orchestrator.web.PlanView;
import io.sluice.orchestrator.web.RetainedCopyView;
import io.sluice.orchestrator.web.VolumeView;
import io.sluice.orchestrator.web.WorkerView;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A fleet of three in the midst of a drain, for tests. */
final class Examples {

    static final long MIB = 1 << 20;
    static final Instant START = Instant.parse("2026-11-23T15:00:00Z");

    private Examples() {}

    static void fill(FakeFleet fleet) {
        fleet.workers.add(worker("worker-1", WorkerView.Status.DRAINING, 4, "d-1"));
        fleet.workers.add(worker("worker-2", WorkerView.Status.ACTIVE, 3, null));
        fleet.workers.add(worker("worker-3", WorkerView.Status.CORDONED, 1, null));
        fleet.workers.add(silent("worker-4"));
        for (int i = 1; i <= 4; i++) {
            fleet.volumes.add(volume("vol-" + i, "worker-1", "db-" + i));
        }
        fleet.drains.put("d-1", running("d-1", 409 * MIB));
        fleet.drains.put("d-2", drained());
        fleet.drains.put("d-3", blocked());
        fleet.plans.put("worker-2", plan());
        fleet.copies.add(copy("vol-1", RetainedCopyView.State.RETAINED, null));
        fleet.copies.add(copy("vol-2", RetainedCopyView.State.KEPT, "operator"));
        fleet.copies.add(copy("vol-3", RetainedCopyView.State.DELETING, "policy"));
    }

    private static RetainedCopyView copy(String volume, RetainedCopyView.State state, @Nullable String by) {
        return new RetainedCopyView(
                "worker-1",
                volume,
                2,
                "m-1",
                "d-1",
                256 * MIB,
                START,
                START.plusSeconds(3600),
                "PT1H",
                state,
                by == null ? null : START,
                by);
    }

    static WorkerView worker(String id, WorkerView.Status status, int count, @Nullable String drain) {
        return new WorkerView(
                id,
                id,
                status,
                status == WorkerView.Status.CORDONED,
                true,
                2L,
                new WorkerView.LocationView("ams", "ams-1", "r07"),
                Map.of(),
                "127.0.0.1:3260",
                "0.1.0",
                new WorkerView.CapabilitiesView(false, true),
                List.of(new WorkerView.PoolView(
                        "main", "directory", 4096 * MIB, count * 512L * MIB, 256 * MIB, 1900 * MIB)),
                count,
                count,
                count,
                new WorkerView.ResourcesView(4000, 8192 * MIB),
                new WorkerView.ResourcesView(count * 500L, count * 512L * MIB),
                drain,
                List.of(),
                null);
    }

    static WorkerView silent(String id) {
        return new WorkerView(
                id,
                id,
                WorkerView.Status.LOST,
                false,
                false,
                754L,
                new WorkerView.LocationView(null, null, null),
                Map.of(),
                "127.0.0.1:3261",
                "0.1.0",
                new WorkerView.CapabilitiesView(false, true),
                List.of(),
                null,
                null,
                null,
                new WorkerView.ResourcesView(4000, 8192 * MIB),
                null,
                null,
                List.of(new WorkerView.FailureView(
                        null, "POOL_UNREADABLE", "pool main: /srv/sluice is not mounted", "RETRY", 754, 12)),
                null);
    }

    static VolumeView volume(String id, String worker, String workload) {
        return new VolumeView(id, worker, "main", 256 * MIB, 4096, null, 0, "OWNED", true, false, workload, null);
    }

    /** One that got as far as {@code reached} and is now in {@code state}. */
    static MigrationView turned(String id, String workload, String reached, String state) {
        return with(migration(id, workload, reached, null), state, null);
    }

    /** One of another worker, for the sake of that cargo. */
    static MigrationView makingRoom(String id, String workload, String makesRoomFor) {
        return with(migration(id, workload, "Preparing", null), "Preparing", makesRoomFor);
    }

    private static MigrationView with(MigrationView there, String state, @Nullable String makesRoomFor) {
        return new MigrationView(
                there.id(),
                there.drain(),
                there.workload(),
                there.source(),
                there.destination(),
                makesRoomFor,
                there.engine(),
                state,
                there.stateKind(),
                there.intent(),
                there.epoch(),
                there.attempt(),
                there.sinceSeconds(),
                there.deadlineSeconds(),
                there.reason(),
                there.progress(),
                there.eta(),
                there.interruptionMs(),
                there.verification(),
                there.volumes(),
                there.history());
    }

    static MigrationView migration(String id, String workload, String state, @Nullable Long hydrated) {
        boolean done = state.equals("Done");
        boolean cutOver = done || state.equals("Hydrating");
        return new MigrationView(
                id,
                "d-1",
                workload,
                "worker-1",
                "worker-2",
                null,
                CloneEngine.PORTABLE,
                state,
                done
                        ? MigrationView.StateKind.TERMINAL
                        : cutOver ? MigrationView.StateKind.FORWARD_ONLY : MigrationView.StateKind.REVERSIBLE,
                Intent.PROCEED,
                1,
                1,
                4,
                done ? null : 56L,
                state.equals("Preparing")
                        ? new MigrationView.ReasonView(
                                "POOL_FULL",
                                "pool main on worker-2 has 100 MiB free, 256 MiB are needed",
                                "Free space there or abort this migration",
                                14)
                        : null,
                new MigrationView.ProgressView(
                        256 * MIB,
                        180 * MIB,
                        hydrated,
                        hydrated,
                        hydrated == null ? null : 76 * MIB,
                        hydrated == null ? null : 3 * MIB,
                        state.equals("Hydrating") ? 41 * MIB : null,
                        state.equals("Hydrating") ? 3L : null,
                        cutOver && hydrated != null ? 256 * MIB - hydrated : null),
                state.equals("Hydrating") ? new EtaView(3L, 5L) : new EtaView(null, null),
                cutOver ? 84L : null,
                done ? new MigrationView.VerificationView(2300, 40, 1756, 0) : null,
                List.of(new MigrationView.MigrationVolumeView(
                        "vol-" + id,
                        256 * MIB,
                        65536,
                        hydrated == null ? null : hydrated / 65536,
                        4096L,
                        state.equals("Hydrating")
                                ? new MigrationView.PaceView(
                                        64, 16, false, "busy guest, copying keeps its pace; 4 MiB in flight")
                                : null)),
                history(state));
    }

    private static List<MigrationView.HistoryView> history(String state) {
        List<String> way = List.of(
                "Planned",
                "Preparing",
                "Ready",
                "Stopping",
                "Cloning",
                "Starting",
                "Hydrating",
                "Settling",
                "Releasing",
                "Done");
        List<MigrationView.HistoryView> history = new ArrayList<>();
        String from = null;
        for (String to : way) {
            history.add(new MigrationView.HistoryView(
                    START.plusMillis(history.size() * 137L), from, to, null, from == null ? null : 137L));
            from = to;
            if (to.equals(state)) {
                break;
            }
        }
        return history;
    }

    static DrainView drain(
            String id,
            String worker,
            DrainView.Phase phase,
            long hydrated,
            List<DrainView.BlockerView> blockers,
            List<PlanView.RefusalView> refusals,
            List<MigrationView> migrations) {
        boolean drained = phase == DrainView.Phase.DRAINED;
        int done =
                (int) migrations.stream().filter(m -> m.state().equals("Done")).count();
        return new DrainView(
                id,
                worker,
                phase,
                START,
                "operator",
                "kernel update",
                2,
                2,
                DrainMode.MAINTENANCE,
                new LimitsView(2, 2, 0, null, List.of(), null, null, null),
                new DrainView.OptionsView(null, false),
                null,
                List.of(),
                new DrainView.CountsView(
                        migrations.size(), drained ? 0 : 1, drained ? 0 : 1, drained ? 0 : 1, done, 0, refusals.size()),
                new DrainView.BytesView(
                        migrations.size() * 256L * MIB, migrations.size() * 180L * MIB, hydrated, hydrated, 100 * MIB),
                drained ? null : 41 * MIB,
                drained ? null : 12L,
                drained ? new EtaView(0L, 0L) : new EtaView(12L, 20L),
                drained ? 0L : 123 * MIB,
                drained ? START.plusSeconds(8) : null,
                drained ? START.plusSeconds(21) : null,
                new DrainView.SafeToPowerOffView(blockers.isEmpty(), blockers),
                refusals,
                migrations);
    }

    static DrainView running(String id, long hydrated) {
        return drain(
                id,
                "worker-1",
                DrainView.Phase.RUNNING,
                hydrated,
                List.of(
                        new DrainView.BlockerView(
                                "WORKLOAD_RUNNING", "2 workloads still run there", "Wait for the drain", "db-3", 12L),
                        new DrainView.BlockerView(
                                "SOURCE_IN_USE",
                                "db-2 on worker-2 still reads from it",
                                "Wait for hydration",
                                "db-2",
                                4L),
                        new DrainView.BlockerView(
                                "VOLUME_HELD", "volume vol-3 is only there", "Wait for the drain", "vol-3", null),
                        new DrainView.BlockerView(
                                "VOLUME_HELD", "volume vol-4 is only there", "Wait for the drain", "vol-4", null)),
                List.of(),
                List.of(
                        migration("m-1", "db-1", "Done", 256 * MIB),
                        migration("m-2", "db-2", "Hydrating", 133 * MIB),
                        migration("m-3", "db-3", "Preparing", null),
                        migration("m-4", "db-4", "Planned", null)));
    }

    static DrainView paused(String id) {
        DrainView there = running(id, 40 * MIB);
        return new DrainView(
                there.id(),
                there.worker(),
                DrainView.Phase.PAUSED,
                there.createdAt(),
                there.actor(),
                there.reason(),
                there.maxConcurrentPerSource(),
                there.maxConcurrentPerDestination(),
                DrainMode.DECOMMISSION,
                new LimitsView(
                        2,
                        2,
                        7,
                        null,
                        List.of("22:00-04:00 Europe/Berlin"),
                        new Moment.At(START.plusSeconds(9000)),
                        Steering.Missed.PAUSE,
                        new LimitsView.ThirdPartyView(3, 512 * MIB)),
                new DrainView.OptionsView(null, false),
                START.plusSeconds(5),
                List.of(new DrainView.HoldUpView(
                        "DRAIN_PAUSED", "An operator paused the drain.", "Resume the drain", 5L, 2)),
                there.counts(),
                there.bytes(),
                there.bytesPerSecond(),
                null,
                new EtaView(null, null),
                there.exposureBytes(),
                null,
                null,
                there.safeToPowerOff(),
                there.refusals(),
                there.migrations());
    }

    static DrainView drained() {
        return drain(
                "d-2",
                "worker-5",
                DrainView.Phase.DRAINED,
                512 * MIB,
                List.of(),
                List.of(),
                List.of(migration("m-5", "web-1", "Done", 256 * MIB), migration("m-6", "web-2", "Done", 256 * MIB)));
    }

    static DrainView blocked() {
        return drain(
                "d-3",
                "worker-6",
                DrainView.Phase.BLOCKED,
                0,
                List.of(new DrainView.BlockerView(
                        "WORKLOAD_DECLARED",
                        "db-9 is declared there and has no place to go",
                        "Uncordon another worker",
                        "db-9",
                        300L)),
                List.of(refusal()),
                List.of());
    }

    static PlanView.RefusalView refusal() {
        return new PlanView.RefusalView(
                "db-9",
                List.of("vol-9"),
                "NO_ELIGIBLE_DESTINATION",
                "no other worker may take it: worker-2 is cordoned, worker-3 has 100 MiB free of 256 MiB needed",
                "Uncordon a worker, add one, or free space");
    }

    static PlanView plan() {
        return new PlanView(
                "p-1",
                "abc",
                "worker-2",
                List.of(
                        new PlanView.PlacementView(
                                "db-1",
                                List.of(new PlanView.PlacedVolumeView("vol-1", 256 * MIB, "main")),
                                "worker-3",
                                CloneEngine.PORTABLE,
                                List.of("most free space", "same region")),
                        new PlanView.PlacementView(
                                null,
                                List.of(new PlanView.PlacedVolumeView("vol-7", 256 * MIB, "main")),
                                "worker-1",
                                CloneEngine.PORTABLE,
                                List.of("only one with room"))),
                List.of(refusal()),
                List.of(new PlanView.MoveView(
                        "web-9",
                        List.of(new PlanView.PlacedVolumeView("vol-9", 256 * MIB, "main")),
                        "worker-3",
                        "worker-1",
                        CloneEngine.PORTABLE,
                        "db-1")),
                List.of("workload/db-1", "volume/vol-7"),
                new PlanView.ForecastView(512 * MIB, null, null, null));
    }
}
