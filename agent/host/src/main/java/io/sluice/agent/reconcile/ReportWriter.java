package io.sluice.agent.reconcile;

import io.sluice.agent.api.ExportReport;
import io.sluice.agent.api.FailureReport;
import io.sluice.agent.api.HostReport;
import io.sluice.agent.api.HostSpec;
import io.sluice.agent.api.IncomingStage;
import io.sluice.agent.api.IncomingVolumeReport;
import io.sluice.agent.api.MigrationId;
import io.sluice.agent.api.Outgoing;
import io.sluice.agent.api.RetiredCopyReport;
import io.sluice.agent.api.VerificationReport;
import io.sluice.agent.api.VolumeId;
import io.sluice.agent.api.VolumeReport;
import io.sluice.agent.api.VolumeRole;
import io.sluice.agent.api.WorkloadReport;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Puts what was observed into the contract's words; what the host can do is added by who knows it. Pure. */
final class ReportWriter {
    private ReportWriter() {}

    static HostReport write(
            AgentIdentity identity,
            long sequence,
            HostSpec spec,
            HostState state,
            int pending,
            List<FailureReport> failures) {
        return new HostReport(
                identity.worker(),
                identity.incarnation(),
                sequence,
                spec.generation(),
                identity.bootId(),
                pending,
                state.pools(),
                volumes(state),
                workloads(state),
                exports(state),
                incoming(spec, state),
                failures,
                retired(state),
                null);
    }

    /** One entry a volume: a retired copy is left out while a newer copy lies beside it; its bytes count in the pool. */
    private static List<VolumeReport> volumes(HostState state) {
        Map<VolumeId, VolumeState> shown = new LinkedHashMap<>();
        for (VolumeState volume : state.volumes()) {
            shown.merge(
                    volume.volume(),
                    volume,
                    (one, other) -> one.standing().epoch() >= other.standing().epoch() ? one : other);
        }
        return shown.values().stream().map(volume -> volume(volume, state)).toList();
    }

    private static VolumeReport volume(VolumeState volume, HostState state) {
        Standing standing = volume.standing();
        return new VolumeReport(
                volume.volume(),
                volume.pool(),
                volume.sizeBytes(),
                volume.blockBytes(),
                volume.allocatedBytes(),
                standing.epoch(),
                standing.role(),
                volume.writable(),
                deletesIn(volume, state));
    }

    /** Null for what is not retired, and for what is kept until its deletion is asked for. */
    private static @Nullable Long deletesIn(VolumeState volume, HostState state) {
        Instant until = volume.standing().keepUntil();
        long seconds = until == null
                ? Long.MAX_VALUE
                : Math.max(0, Duration.between(state.now(), until).toSeconds());
        return seconds > Outgoing.UNTIL_TOLD_SECONDS / 2 ? null : Long.valueOf(seconds);
    }

    /** Null while a pool is not read whole: one left out would count as deleted, and its deletion as done. */
    private static @Nullable List<RetiredCopyReport> retired(HostState state) {
        return !state.allCopiesSeen()
                ? null
                : state.volumes().stream()
                        .filter(volume -> volume.role() == VolumeRole.RETIRED)
                        .map(volume -> new RetiredCopyReport(
                                volume.volume(),
                                volume.pool(),
                                volume.standing().epoch(),
                                volume.sizeBytes(),
                                volume.allocatedBytes(),
                                deletesIn(volume, state)))
                        .toList();
    }

    private static List<WorkloadReport> workloads(HostState state) {
        return state.workloads().stream()
                .map(w -> new WorkloadReport(w.definition(), w.status(), state.epochOf(w.definition()), w.held()))
                .toList();
    }

    private static List<ExportReport> exports(HostState state) {
        return state.exports().stream()
                .map(e -> new ExportReport(
                        e.order().migration(),
                        e.order().volume(),
                        e.order().access().target(),
                        e.order().frozen(),
                        e.sessions(),
                        e.bytesServed()))
                .toList();
    }

    private static List<IncomingVolumeReport> incoming(HostSpec spec, HostState state) {
        List<IncomingVolumeReport> reports = new ArrayList<>();
        for (VolumeState volume : state.volumes()) {
            MigrationId migration = volume.standing().migration();
            boolean arriving = volume.role() == VolumeRole.INCOMING
                    || (volume.role() == VolumeRole.OWNED
                            && (!volume.standing().whole() || isNamed(spec, migration, volume)));
            if (migration != null && arriving) {
                reports.add(incoming(migration, volume, state.cloneOf(volume.volume())));
            }
        }
        return reports;
    }

    private static boolean isNamed(HostSpec spec, @Nullable MigrationId migration, VolumeState volume) {
        return spec.incoming().stream()
                .anyMatch(part -> part.migration().equals(migration)
                        && part.epoch() == volume.standing().epoch());
    }

    private static IncomingVolumeReport incoming(
            MigrationId migration, VolumeState volume, @Nullable CloneState clone) {
        boolean linear = clone == null && volume.standing().whole();
        IncomingStage stage = linear ? IncomingStage.LINEAR : clone == null ? IncomingStage.CREATED : clone.stage();
        VerificationReport verification = volume.standing().verification();
        return new IncomingVolumeReport(
                migration,
                volume.volume(),
                volume.standing().epoch(),
                stage,
                clone == null ? null : clone.attachment(),
                clone == null ? null : clone.hydration(),
                verification == null && clone != null ? clone.verification() : verification);
    }
}
