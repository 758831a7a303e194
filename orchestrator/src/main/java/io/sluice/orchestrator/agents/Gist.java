package io.sluice.orchestrator.agents;

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
import org.jspecify.annotations.Nullable;

/**
 * By what two reports of a host are told to say the same. All that a decision may rest on is left of a report: gone is what grows,
 * shrinks or ages by itself while nothing is done. Compared as records, without a word of JSON: this happens for each call of each host.
 */
final class Gist {
    private Gist() {}

    /** Whether they differ in their numbers at most. */
    static boolean same(HostReport one, HostReport other) {
        return numbered(one, other.sequence()).equals(other);
    }

    /** Whether a decision that rests on the one may as well rest on the other. */
    static boolean decidesTheSame(HostReport one, HostReport other) {
        return of(one).equals(of(other));
    }

    private static HostReport numbered(HostReport report, long sequence) {
        return with(
                report,
                sequence,
                report.pools(),
                report.volumes(),
                report.exports(),
                report.incoming(),
                report.failures(),
                report.retired());
    }

    private static HostReport of(HostReport report) {
        List<RetiredCopyReport> retired = report.retired();
        return with(
                report,
                0,
                report.pools().stream().map(Gist::of).toList(),
                report.volumes().stream().map(Gist::of).toList(),
                report.exports().stream().map(Gist::of).toList(),
                report.incoming().stream().map(Gist::of).toList(),
                report.failures().stream().map(Gist::of).toList(),
                retired == null ? null : retired.stream().map(Gist::of).toList());
    }

    private static HostReport with(
            HostReport report,
            long sequence,
            List<PoolReport> pools,
            List<VolumeReport> volumes,
            List<ExportReport> exports,
            List<IncomingVolumeReport> incoming,
            List<FailureReport> failures,
            @Nullable List<RetiredCopyReport> retired) {
        return new HostReport(
                report.worker(),
                report.incarnation(),
                sequence,
                report.appliedGeneration(),
                report.bootId(),
                report.actionsPending(),
                pools,
                volumes,
                report.workloads(),
                exports,
                incoming,
                failures,
                retired,
                report.capabilities());
    }

    private static PoolReport of(PoolReport pool) {
        return new PoolReport(
                pool.name(), pool.kind(), pool.capacityBytes(), pool.committedBytes(), 0, pool.extentBytes());
    }

    private static VolumeReport of(VolumeReport volume) {
        return new VolumeReport(
                volume.volume(),
                volume.pool(),
                volume.sizeBytes(),
                volume.blockBytes(),
                null,
                volume.epoch(),
                volume.role(),
                volume.writable(),
                null);
    }

    private static RetiredCopyReport of(RetiredCopyReport copy) {
        return new RetiredCopyReport(copy.volume(), copy.pool(), copy.epoch(), copy.sizeBytes(), null, null);
    }

    private static ExportReport of(ExportReport export) {
        return new ExportReport(export.migration(), export.volume(), export.target(), export.frozen(), 0, 0);
    }

    private static FailureReport of(FailureReport failure) {
        return new FailureReport(failure.migration(), failure.code(), "", failure.kind(), 0, 0);
    }

    private static IncomingVolumeReport of(IncomingVolumeReport volume) {
        AttachmentReport attachment = volume.attachment();
        HydrationReport hydration = volume.hydration();
        return new IncomingVolumeReport(
                volume.migration(),
                volume.volume(),
                volume.epoch(),
                volume.stage(),
                attachment == null ? null : attachment.withoutWords(),
                hydration == null ? null : of(hydration),
                volume.verification());
    }

    /** Of how far it is, only whether it is through. */
    private static HydrationReport of(HydrationReport hydration) {
        return new HydrationReport(
                hydration.regionBytes(),
                hydration.totalRegions(),
                hydration.complete() ? hydration.totalRegions() : -1,
                0,
                0,
                0,
                0,
                0,
                hydration.running(),
                hydration.engine(),
                null,
                hydration.missing());
    }
}
