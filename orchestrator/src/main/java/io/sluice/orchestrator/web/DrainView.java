package io.sluice.orchestrator.web;

import io.sluice.orchestrator.drain.DrainMode;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One drain; phase, counts and whether the worker is safe to power off are computed from what is observed, never stored.
 *
 * @param pausedAt since when an operator keeps it from going on; null while it may
 * @param holdUps what it, or some of its migrations, wait for or are late by
 * @param etaSeconds at the rate of this moment
 * @param exposureBytes what running workloads still need from the drained worker
 * @param evacuatedAt first time no workload ran on the worker
 * @param drainedAt first time nothing depended on the worker
 */
public record DrainView(
        String id,
        String worker,
        Phase phase,
        Instant createdAt,
        String actor,
        String reason,
        int maxConcurrentPerSource,
        int maxConcurrentPerDestination,
        DrainMode mode,
        LimitsView limits,
        OptionsView options,
        @Nullable Instant pausedAt,
        List<HoldUpView> holdUps,
        CountsView counts,
        BytesView bytes,
        @Nullable Long bytesPerSecond,
        @Nullable Long etaSeconds,
        EtaView eta,
        @Nullable Long exposureBytes,
        @Nullable Instant evacuatedAt,
        @Nullable Instant drainedAt,
        SafeToPowerOffView safeToPowerOff,
        List<PlanView.RefusalView> refusals,
        List<MigrationView> migrations) {

    /** How far a drain is. */
    public enum Phase {
        /** Its not-before time has not come; nothing has been stopped. */
        SCHEDULED,
        /** Paused by an operator, or by its deadline: nothing begins or cuts over; what has cut over goes on. */
        PAUSED,
        /** Migrations are under way or waiting for a slot, or room is being made for what is left. */
        RUNNING,
        /** No workload runs on the worker; others still read from it. */
        EVACUATED,
        /** A worker that does not come back is empty but for retired copies, which its agent deletes once they were kept long enough. */
        RETAINING,
        /** Nothing depends on the worker: safe to power off. */
        DRAINED,
        /** Nothing moves and something is left: the refusals and blockers say what and why. */
        BLOCKED,
        /** Cancel was asked for; reversible migrations abort, forward-only ones go on. */
        CANCELLING,
        CANCELLED
    }

    /**
     * What becomes of the copies it leaves.
     *
     * @param retainSeconds null is as the server is configured
     */
    public record OptionsView(@Nullable Long retainSeconds, boolean keepCopies) {}

    /**
     * Workloads and lone volumes, by where they are.
     *
     * @param running between Preparing and Starting, or aborting
     * @param hydrating the workload runs on the destination and still depends on the source
     * @param aborted ended by an abort and not placed anew
     */
    public record CountsView(int total, int planned, int running, int hydrating, int done, int aborted, int refused) {}

    /** Sums over the drain's migrations, aborted ones left out; null is unknown. */
    public record BytesView(
            long total,
            @Nullable Long allocated,
            @Nullable Long hydrated,
            @Nullable Long copied,
            @Nullable Long skipped) {}

    /**
     * Something that a drain waits for or is late by.
     *
     * @param sinceSeconds null when it is not known since when
     * @param migrations how many wait for it; 0 when it concerns the drain as a whole
     */
    public record HoldUpView(
            String code,
            String message,
            String remedy,
            @Nullable Long sinceSeconds,
            int migrations) {}

    /** True only from a fresh report that shows nothing left, with nothing able to land. */
    public record SafeToPowerOffView(boolean value, List<BlockerView> blockers) {}

    /**
     * One thing that keeps the worker from being powered off.
     *
     * @param subject id of the workload, volume, migration or worker
     * @param sinceSeconds null when it is not known since when
     */
    public record BlockerView(
            String code,
            String message,
            String remedy,
            String subject,
            @Nullable Long sinceSeconds) {}
}
