package io.sluice.agent.sync;

import io.sluice.agent.api.AttachmentReport;
import io.sluice.agent.api.ExportReport;
import io.sluice.agent.api.FailureReport;
import io.sluice.agent.api.HostReport;
import io.sluice.agent.api.HydrationReport;
import io.sluice.agent.api.IncomingVolumeReport;
import io.sluice.agent.api.PoolReport;
import io.sluice.agent.api.VolumeReport;
import org.jspecify.annotations.Nullable;

/** What one report says that an earlier one did not. Pure. */
enum ReportNews {
    /** Something a migration may wait for: to be told at once. */
    STEP,
    /** Counters alone: to be told now and then. */
    PROGRESS,
    NONE;

    static ReportNews between(HostReport before, HostReport now) {
        if (!stepsOf(before).equals(stepsOf(now))) {
            return STEP;
        }
        return withoutAges(before).equals(withoutAges(now)) ? NONE : PROGRESS;
    }

    /** The report without what merely counts. */
    private static HostReport stepsOf(HostReport report) {
        return new HostReport(
                        report.worker(),
                        report.incarnation(),
                        0,
                        report.appliedGeneration(),
                        report.bootId(),
                        report.actionsPending(),
                        report.pools().stream()
                                .map(p -> new PoolReport(
                                        p.name(), p.kind(), p.capacityBytes(), p.committedBytes(), 0, p.extentBytes()))
                                .toList(),
                        report.volumes().stream()
                                .map(v -> new VolumeReport(
                                        v.volume(),
                                        v.pool(),
                                        v.sizeBytes(),
                                        v.blockBytes(),
                                        null,
                                        v.epoch(),
                                        v.role(),
                                        v.writable(),
                                        null))
                                .toList(),
                        report.workloads(),
                        report.exports().stream()
                                .map(e -> new ExportReport(e.migration(), e.volume(), e.target(), e.frozen(), 0, 0))
                                .toList(),
                        report.incoming().stream().map(ReportNews::stepsOf).toList(),
                        report.failures().stream()
                                .map(f -> new FailureReport(f.migration(), f.code(), "", f.kind(), 0, 0))
                                .toList())
                .with(report.capabilities());
    }

    private static IncomingVolumeReport stepsOf(IncomingVolumeReport incoming) {
        return new IncomingVolumeReport(
                incoming.migration(),
                incoming.volume(),
                incoming.epoch(),
                incoming.stage(),
                withoutAge(incoming.attachment()),
                stepsOf(incoming.hydration()),
                incoming.verification());
    }

    private static @Nullable HydrationReport stepsOf(@Nullable HydrationReport hydration) {
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

    private static @Nullable AttachmentReport withoutAge(@Nullable AttachmentReport attachment) {
        return attachment == null
                ? null
                : new AttachmentReport(attachment.target(), attachment.portal(), attachment.connected(), 0);
    }

    /** The report without what changes by the mere passing of time, which the hold's heartbeat is enough for. */
    private static HostReport withoutAges(HostReport report) {
        return new HostReport(
                        report.worker(),
                        report.incarnation(),
                        0,
                        report.appliedGeneration(),
                        report.bootId(),
                        report.actionsPending(),
                        report.pools().stream()
                                .map(p -> new PoolReport(
                                        p.name(), p.kind(), p.capacityBytes(), p.committedBytes(), 0, p.extentBytes()))
                                .toList(),
                        report.volumes().stream()
                                .map(v -> new VolumeReport(
                                        v.volume(),
                                        v.pool(),
                                        v.sizeBytes(),
                                        v.blockBytes(),
                                        v.allocatedBytes(),
                                        v.epoch(),
                                        v.role(),
                                        v.writable(),
                                        null))
                                .toList(),
                        report.workloads(),
                        report.exports(),
                        report.incoming().stream()
                                .map(i -> new IncomingVolumeReport(
                                        i.migration(),
                                        i.volume(),
                                        i.epoch(),
                                        i.stage(),
                                        withoutAge(i.attachment()),
                                        i.hydration(),
                                        i.verification()))
                                .toList(),
                        report.failures().stream()
                                .map(f -> new FailureReport(
                                        f.migration(), f.code(), f.message(), f.kind(), 0, f.attempts()))
                                .toList())
                .with(report.capabilities());
    }
}
