package io.sluice.orchestrator.web;

import io.sluice.agent.api.HydrationPaceReport;
import io.sluice.agent.api.VerificationReport;
import io.sluice.orchestrator.drain.Estimate;
import io.sluice.orchestrator.drain.MigrationEvent;
import io.sluice.orchestrator.drain.MigrationRecord;
import io.sluice.orchestrator.drain.VolumeProgress;
import io.sluice.orchestrator.migration.Migration;
import io.sluice.orchestrator.migration.MigrationState;
import io.sluice.orchestrator.migration.Position;
import io.sluice.orchestrator.reason.Reason;
import io.sluice.orchestrator.web.MigrationView.HistoryView;
import io.sluice.orchestrator.web.MigrationView.MigrationVolumeView;
import io.sluice.orchestrator.web.MigrationView.PaceView;
import io.sluice.orchestrator.web.MigrationView.ProgressView;
import io.sluice.orchestrator.web.MigrationView.ReasonView;
import io.sluice.orchestrator.web.MigrationView.StateKind;
import io.sluice.orchestrator.web.MigrationView.VerificationView;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Migrations as shown. */
final class MigrationViews {
    private MigrationViews() {}

    static MigrationView of(MigrationRecord record, Instant now) {
        Migration migration = record.migration();
        Position position = migration.position();
        return new MigrationView(
                migration.id().value(),
                migration.drain().value(),
                migration.cargo().workloadId() == null
                        ? null
                        : migration.cargo().workloadId().value(),
                migration.source().value(),
                migration.destination().value(),
                record.attempt().makesRoomFor(),
                migration.route().engine(),
                migration.state().title(),
                kind(migration.state()),
                migration.intent(),
                migration.epoch(),
                record.attempt().number(),
                seconds(position.since(), now),
                position.deadline() == null ? null : seconds(now, position.deadline()),
                reason(position, now),
                progress(record),
                EtaView.of(Estimate.of(record, now)),
                record.interruptionMillis(),
                verification(record),
                record.volumes().stream().map(MigrationViews::volume).toList(),
                record.history().stream().map(MigrationViews::history).toList());
    }

    static long seconds(Instant from, Instant to) {
        return Duration.between(from, to).toSeconds();
    }

    private static StateKind kind(MigrationState state) {
        return switch (state) {
            case MigrationState.Reversible reversible -> StateKind.REVERSIBLE;
            case MigrationState.ForwardOnly forward -> StateKind.FORWARD_ONLY;
            case MigrationState.Terminal terminal -> StateKind.TERMINAL;
        };
    }

    /** Why it was given up says more than what giving up waits for; once it has ended only the former is left. */
    private static @Nullable ReasonView reason(Position position, Instant now) {
        Reason reason = position.cause() != null ? position.cause() : position.reason();
        if (reason == null) {
            return null;
        }
        Instant since =
                position.cause() != null || position.reasonSince() == null ? position.since() : position.reasonSince();
        return new ReasonView(reason.code(), reason.message(), reason.remedy(), seconds(since, now));
    }

    private static ProgressView progress(MigrationRecord record) {
        return new ProgressView(
                record.migration().cargo().sizeBytes(),
                record.sum(VolumeProgress::allocatedBytes),
                record.hydratedBytes(),
                record.regions(VolumeProgress.Regions::copiedBytes),
                record.regions(VolumeProgress.Regions::skippedBytes),
                record.regions(VolumeProgress.Regions::writtenBytes),
                record.bytesPerSecond(),
                record.etaSeconds(),
                record.exposureBytes());
    }

    private static @Nullable VerificationView verification(MigrationRecord record) {
        List<VerificationReport> reports = record.volumes().stream()
                .map(VolumeProgress::verification)
                .filter(Objects::nonNull)
                .toList();
        if (reports.isEmpty() || reports.size() < record.volumes().size()) {
            return null;
        }
        return new VerificationView(
                reports.stream().mapToLong(VerificationReport::verifiedRegions).sum(),
                reports.stream().mapToLong(VerificationReport::writtenRegions).sum(),
                reports.stream().mapToLong(VerificationReport::holeRegions).sum(),
                reports.stream()
                        .mapToLong(VerificationReport::mismatchedRegions)
                        .sum());
    }

    private static MigrationVolumeView volume(VolumeProgress volume) {
        VolumeProgress.Regions regions = volume.regions();
        return regions == null
                ? new MigrationVolumeView(volume.volume().value(), volume.sizeBytes(), null, null, null, null)
                : new MigrationVolumeView(
                        volume.volume().value(),
                        volume.sizeBytes(),
                        regions.bytes(),
                        regions.hydrated(),
                        regions.total(),
                        pace(volume.pace()));
    }

    private static @Nullable PaceView pace(@Nullable HydrationPaceReport pace) {
        return pace == null
                ? null
                : new PaceView(pace.thresholdRegions(), pace.batchRegions(), pace.guestThrottled(), pace.words());
    }

    private static HistoryView history(MigrationEvent event) {
        return new HistoryView(event.at(), event.from(), event.to(), event.reason(), event.millisInPrevious());
    }
}
