package io.sluice.orchestrator.cli.client;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** One migration: a workload with all its volumes, or one volume, on its way from source to destination. */
public record MigrationView(
        String id,
        @Nullable String drain,
        @Nullable String workload,
        String source,
        String destination,
        @Nullable String makesRoomFor,
        @Nullable String engine,
        String state,
        @Nullable String stateKind,
        @Nullable Long epoch,
        @Nullable Long sinceSeconds,
        @Nullable Long deadlineSeconds,
        @Nullable Reason reason,
        Progress progress,
        @Nullable Eta eta,
        @Nullable Long interruptionMs,
        @Nullable Verification verification,
        List<Volume> volumes,
        List<Transition> history) {

    public MigrationView {
        volumes = Views.listOf(volumes);
        history = Views.listOf(history);
    }

    /** For whose sake something is moved that is not on the drained worker; empty where it is. */
    public String purpose() {
        return makesRoomFor == null ? "" : ", makes room for " + makesRoomFor;
    }

    /** What a person calls it: the workload, else its only volume, else the migration's id. */
    public String subject() {
        if (workload != null) {
            return workload;
        }
        return volumes.isEmpty() ? id : volumes.getFirst().id();
    }

    /** What holds the migration up, in a code, in words, and what can be done. */
    public record Reason(
            String code,
            String message,
            @Nullable String remedy,
            @Nullable Long sinceSeconds) {}

    public record Progress(
            @Nullable Long totalBytes,
            @Nullable Long allocatedBytes,
            @Nullable Long hydratedBytes,
            @Nullable Long copiedBytes,
            @Nullable Long skippedBytes,
            @Nullable Long writtenBytes,
            @Nullable Long bytesPerSecond,
            @Nullable Long etaSeconds,
            @Nullable Long exposureBytes) {}

    public record Verification(
            @Nullable Long verifiedRegions,
            @Nullable Long writtenRegions,
            @Nullable Long holeRegions,
            @Nullable Long mismatchedRegions) {}

    public record Volume(
            String id,
            @Nullable Long sizeBytes,
            @Nullable Long regionBytes,
            @Nullable Long hydratedRegions,
            @Nullable Long totalRegions) {}

    public record Transition(
            String at,
            @Nullable String from,
            String to,
            @Nullable String reason,
            @Nullable Long millisInPrevious) {}
}
