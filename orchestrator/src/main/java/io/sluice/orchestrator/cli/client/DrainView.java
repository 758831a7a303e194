package io.sluice.orchestrator.cli.client;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A drain as the API shows it, with everything needed to tell how far it is and what holds it up. */
public record DrainView(
        String id,
        String worker,
        Phase phase,
        @Nullable String createdAt,
        @Nullable String actor,
        @Nullable String reason,
        List<HoldUp> holdUps,
        Counts counts,
        Bytes bytes,
        @Nullable Long bytesPerSecond,
        @Nullable Long etaSeconds,
        @Nullable Eta eta,
        @Nullable Long exposureBytes,
        @Nullable String evacuatedAt,
        @Nullable String drainedAt,
        SafeToPowerOff safeToPowerOff,
        List<PlanView.Refusal> refusals,
        List<MigrationView> migrations) {

    public DrainView {
        holdUps = Views.listOf(holdUps);
        refusals = Views.listOf(refusals);
        migrations = Views.listOf(migrations);
    }

    public enum Phase {
        SCHEDULED,
        PAUSED,
        RUNNING,
        EVACUATED,
        RETAINING,
        DRAINED,
        BLOCKED,
        CANCELLING,
        CANCELLED;

        /** Whether the drain stays as it is until an operator does something. */
        public boolean resting() {
            return switch (this) {
                case DRAINED, BLOCKED, CANCELLED -> true;
                case SCHEDULED, PAUSED, RUNNING, EVACUATED, RETAINING, CANCELLING -> false;
            };
        }
    }

    /** Migrations by what they are doing; {@code refused} counts what could not be placed. */
    public record Counts(int total, int planned, int running, int hydrating, int done, int aborted, int refused) {}

    /** {@code allocated} is what holds data, {@code hydrated} what needs the source no more, {@code copied} what crossed the wire. */
    public record Bytes(
            @Nullable Long total,
            @Nullable Long allocated,
            @Nullable Long hydrated,
            @Nullable Long copied,
            @Nullable Long skipped) {}

    /** What the drain waits for or is late by; {@code migrations} is 0 when it concerns the drain as a whole. */
    public record HoldUp(
            String code,
            String message,
            @Nullable String remedy,
            @Nullable Long sinceSeconds,
            int migrations) {}

    /** Whether the worker can be switched off without harm, and each thing that still speaks against it. */
    public record SafeToPowerOff(boolean value, List<Blocker> blockers) {

        public SafeToPowerOff {
            blockers = Views.listOf(blockers);
        }
    }

    public record Blocker(
            String code,
            String message,
            @Nullable String remedy,
            @Nullable String subject,
            @Nullable Long sinceSeconds) {}
}
