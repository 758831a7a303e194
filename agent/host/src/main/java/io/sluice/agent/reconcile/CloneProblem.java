package io.sluice.agent.reconcile;

import io.sluice.agent.api.FailureKind;

/** What is wrong with a clone device that is up, in the words and codes of a {@link HostActionException}. */
public record CloneProblem(String code, FailureKind kind, String message) {}
