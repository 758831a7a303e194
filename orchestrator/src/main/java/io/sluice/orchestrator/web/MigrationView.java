package io.sluice.orchestrator.web;

import io.sluice.agent.api.CloneEngine;
import io.sluice.orchestrator.migration.Intent;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One migration.
 *
 * @param engine what clones on the destination: the kernel's dm-clone, or the agent's portable engine
 * @param intent what an operator wants of it: HOLD keeps it from its cutover, ABORT gives it up while it is reversible
 * @param sinceSeconds how long it has been in its state
 * @param deadlineSeconds until its state's deadline, negative once missed; null where the state has none
 * @param makesRoomFor the workload or volume of the drained worker for whose sake it moves what is on another; null where it moves
 *     what is on the drained worker
 * @param reason what it waits for or why it was aborted; null when it goes on as planned
 * @param interruptionMs from Stopping entered to the workload observed running, by the orchestrator's clock; null until then
 * @param verification null until every volume was verified
 */
public record MigrationView(
        String id,
        String drain,
        @Nullable String workload,
        String source,
        String destination,
        @Nullable String makesRoomFor,
        CloneEngine engine,
        String state,
        StateKind stateKind,
        Intent intent,
        long epoch,
        int attempt,
        long sinceSeconds,
        @Nullable Long deadlineSeconds,
        @Nullable ReasonView reason,
        ProgressView progress,
        EtaView eta,
        @Nullable Long interruptionMs,
        @Nullable VerificationView verification,
        List<MigrationVolumeView> volumes,
        List<HistoryView> history) {

    /** Whether a migration in this state can still be aborted. */
    public enum StateKind {
        REVERSIBLE,
        FORWARD_ONLY,
        TERMINAL
    }

    /** A stable code, what happened, and what to do. */
    public record ReasonView(
            String code, String message, @Nullable String remedy, long sinceSeconds) {}

    /**
     * Sums over the migration's volumes; null is unknown.
     *
     * @param copiedBytes read from the source
     * @param skippedBytes never read because the source does not allocate them
     * @param writtenBytes became local because the workload wrote them whole
     * @param exposureBytes what the running workload still needs from its source
     */
    public record ProgressView(
            long totalBytes,
            @Nullable Long allocatedBytes,
            @Nullable Long hydratedBytes,
            @Nullable Long copiedBytes,
            @Nullable Long skippedBytes,
            @Nullable Long writtenBytes,
            @Nullable Long bytesPerSecond,
            @Nullable Long etaSeconds,
            @Nullable Long exposureBytes) {}

    /** Outcome of comparing the copy with checksums of what the source sent. */
    public record VerificationView(
            long verifiedRegions, long writtenRegions, long holeRegions, long mismatchedRegions) {}

    /** One volume; region counts are null until its clone device was observed, the pace where nothing needs driving. */
    public record MigrationVolumeView(
            String id,
            long sizeBytes,
            @Nullable Integer regionBytes,
            @Nullable Long hydratedRegions,
            @Nullable Long totalRegions,
            @Nullable PaceView pace) {}

    /** How the kernel is made to copy a volume: regions at once and in one go at most, and why. */
    public record PaceView(int thresholdRegions, int batchRegions, boolean guestThrottled, String words) {}

    /** One step of its history. */
    public record HistoryView(
            Instant at,
            @Nullable String from,
            String to,
            @Nullable String reason,
            @Nullable Long millisInPrevious) {}
}
