/**
 * Errors as RFC 9457 problem documents with a stable code and a remedy. Entry:
 * {@link io.sluice.orchestrator.problem.ProblemException}, thrown by whoever meets the error;
 * {@link io.sluice.orchestrator.problem.Problem} is the wire form. Knows no case in particular.
 */
@NullMarked
package io.sluice.orchestrator.problem;

import org.jspecify.annotations.NullMarked;
