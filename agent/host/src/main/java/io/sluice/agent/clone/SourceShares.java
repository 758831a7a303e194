package io.sluice.agent.clone;

/**
 * Who may use the source now. Pure. What the workload waits for has its own places and never queues behind background copies;
 * the background gives way to it, but never below its reserved share, so a busy workload cannot stop hydration.
 *
 * @param demand most reads and copies that the workload waits for at once
 * @param background most background copies while the workload waits for nothing
 * @param reserved background copies that go on however busy the workload is
 */
record SourceShares(int demand, int background, int reserved) {
    /** As many as an iSCSI session usually has commands for, less room for the background. */
    private static final int MOST_DEMAND = 24;

    static SourceShares of(int regionsInFlight) {
        return new SourceShares(MOST_DEMAND, regionsInFlight, Math.max(1, regionsInFlight / 4));
    }

    boolean mayStartDemand(int demandInFlight) {
        return demandInFlight < demand;
    }

    boolean mayStartBackground(int demandInFlight, int backgroundInFlight) {
        return backgroundInFlight < (demandInFlight > 0 ? reserved : background);
    }
}
