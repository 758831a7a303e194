package io.sluice.orchestrator.migration;

/** What the operator wants of a migration. */
public enum Intent {
    PROCEED,
    /** Do not enter the cutover; everything before and after it goes on. */
    HOLD,
    /** Give it up while it is reversible; past that it goes on to the end. */
    ABORT
}
