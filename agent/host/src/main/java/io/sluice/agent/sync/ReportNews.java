package io.sluice.agent.sync;

import io.sluice.agent.api.AttachmentReport;
import io.sluice.agent.api.ExportReport;
import io.sluice.agent.api.FailureReport;
import io.sluice.agent.api.HostReport;
import io.sluice.agent.api.HydrationReport;
import io.sluice.agent.api.IncomingVolumeReport;
import io.sluice.agent.api.PoolReport;
import io.sluice.agent.api.RetiredCopyReport;
import io.sluice.agent.api.VolumeReport;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** What one report says that an earlier one did not. Pure. */
enum ReportNews {
    /** Something a migration may wait for, the room that a deleted copy gives back included: to be told at once. */
    STEP,
    /** Counters alone: to be told now and then. */
    PROGRESS,
    NONE;

    static ReportNews between(HostReport before, HostReport now) {
        HostReport older = withoutAges(before);
        HostReport newer = withoutAges(now);
        if (!withoutCounts(older).equals(withoutCounts(newer))) {
            return STEP;
        }
        return older.equals(newer) ? NONE : PROGRESS;
    }

    /** One report turned into another, part by part. */
    private record Reduction(
            UnaryOperator<PoolReport> pool,
            UnaryOperator<VolumeReport> volume,
            UnaryOperator<ExportReport> export,
            UnaryOperator<IncomingVolumeReport> incoming,
            UnaryOperator<FailureReport> failure,
            UnaryOperator<RetiredCopyReport> retired) {

        HostReport of(HostReport report) {
            List<RetiredCopyReport> copies = report.retired();
            return new HostReport(
                    report.worker(),
                    report.incarnation(),
                    0,
                    report.appliedGeneration(),
                    report.bootId(),
                    report.actionsPending(),
                    report.pools().stream().map(pool).toList(),
                    report.volumes().stream().map(volume).toList(),
                    report.workloads(),
                    report.exports().stream().map(export).toList(),
                    report.incoming().stream().map(incoming).toList(),
                    report.failures().stream().map(failure).toList(),
                    copies == null ? null : copies.stream().map(retired).toList(),
                    report.capabilities());
        }
    }

    /** Without what changes by the mere passing of time, which the hold's heartbeat is enough for. */
    private static HostReport withoutAges(HostReport report) {
        return new Reduction(
                        p -> new PoolReport(
                                p.name(), p.kind(), p.capacityBytes(), p.committedBytes(), 0, p.extentBytes()),
                        v -> volume(v, v.allocatedBytes()),
                        export -> export,
                        i -> incoming(i, without(i.attachment(), AttachmentReport::withoutAge), i.hydration()),
                        f -> new FailureReport(f.migration(), f.code(), f.message(), f.kind(), 0, f.attempts()),
                        r -> retired(r, r.allocatedBytes()))
                .of(report);
    }

    /** Also without what merely counts. */
    private static HostReport withoutCounts(HostReport withoutAges) {
        return new Reduction(
                        pool -> pool,
                        v -> volume(v, null),
                        e -> new ExportReport(e.migration(), e.volume(), e.target(), e.frozen(), 0, 0),
                        i -> incoming(
                                i,
                                without(i.attachment(), AttachmentReport::withoutWords),
                                withoutCounts(i.hydration())),
                        f -> new FailureReport(f.migration(), f.code(), "", f.kind(), 0, 0),
                        r -> retired(r, null))
                .of(withoutAges);
    }

    private static VolumeReport volume(VolumeReport volume, @Nullable Long allocatedBytes) {
        return new VolumeReport(
                volume.volume(),
                volume.pool(),
                volume.sizeBytes(),
                volume.blockBytes(),
                allocatedBytes,
                volume.epoch(),
                volume.role(),
                volume.writable(),
                null);
    }

    private static RetiredCopyReport retired(RetiredCopyReport copy, @Nullable Long allocatedBytes) {
        return new RetiredCopyReport(copy.volume(), copy.pool(), copy.epoch(), copy.sizeBytes(), allocatedBytes, null);
    }

    private static IncomingVolumeReport incoming(
            IncomingVolumeReport incoming, @Nullable AttachmentReport attachment, @Nullable HydrationReport hydration) {
        return new IncomingVolumeReport(
                incoming.migration(),
                incoming.volume(),
                incoming.epoch(),
                incoming.stage(),
                attachment,
                hydration,
                incoming.verification());
    }

    private static @Nullable AttachmentReport without(
            @Nullable AttachmentReport attachment, UnaryOperator<AttachmentReport> reduced) {
        return attachment == null ? null : reduced.apply(attachment);
    }

    private static @Nullable HydrationReport withoutCounts(@Nullable HydrationReport hydration) {
        return hydration == null
                ? null
                : new HydrationReport(
                        hydration.regionBytes(),
                        hydration.totalRegions(),
                        hydration.complete() ? hydration.totalRegions() : 0,
                        0,
                        0,
                        0,
                        0,
                        0,
                        hydration.running());
    }
}
