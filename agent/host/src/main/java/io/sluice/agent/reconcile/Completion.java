package io.sluice.agent.reconcile;

import org.jspecify.annotations.Nullable;

/**
 * An action that has ended.
 *
 * @param failure null when it did what it should
 */
record Completion(HostAction action, @Nullable HostActionException failure) {}
