package io.sluice.agent.api;

/** Failures are typed by what happens next. */
public enum FailureKind {
    /** The agent tries again by itself, with backoff. */
    RETRY,
    /** It waits until there is room or bandwidth. */
    CAPACITY,
    /** It waits until an operator has done something. */
    OPERATOR,
    /** It cannot succeed here: a reversible migration is to be aborted. */
    ABORT
}
