package io.sluice.orchestrator.web;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One drain; phase, counts and whether the worker is safe to power off are computed from what is observed, never stored.
 *
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
        CountsView counts,
        BytesView bytes,
        @Nullable Long bytesPerSecond,
        @Nullable Long etaSeconds,
        @Nullable Long exposureBytes,
        @Nullable Instant evacuatedAt,
        @Nullable Instant drainedAt,
        SafeToPowerOffView safeToPowerOff,
        List<PlanView.RefusalView> refusals,
        List<MigrationView> migrations) {

    /** How far a drain is. */
    public enum Phase {
        /** Migrations are under way or waiting for a slot. */
        RUNNING,
        /** No workload runs on the worker; others still read from it. */
        EVACUATED,
        /** Nothing depends on the worker: safe to power off. */
        DRAINED,
        /** Nothing moves and something is left: the refusals and blockers say what and why. */
        BLOCKED,
        /** Cancel was asked for; reversible migrations abort, forward-only ones go on. */
        CANCELLING,
        CANCELLED
    }

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
