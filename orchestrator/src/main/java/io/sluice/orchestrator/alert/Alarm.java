package io.sluice.orchestrator.alert;

/**
 * Something an operator should look at.
 *
 * @param subject id of the migration, drain or worker
 * @param message what is the case; holds no number that changes while it lasts
 * @param remedy the next thing to do
 */
public record Alarm(Kind kind, String subject, String message, String remedy) {
    /** What can be alarming. */
    public enum Kind {
        /** A migration has missed the deadline of its state, or waits for something that does not pass by itself. */
        MIGRATION_STUCK,
        /** A drain will not, or did not, meet its deadline. */
        DEADLINE_AT_RISK,
        /** A worker that is not through with a drain has not reported lately. */
        WORKER_LOST,
        /** A running workload depends on two hosts for too long. */
        EXPOSURE_TOO_LONG
    }
}
