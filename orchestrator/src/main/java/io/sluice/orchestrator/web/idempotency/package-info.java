/**
 * Calls that may be repeated: with an {@code Idempotency-Key} the same POST gets the answer it got first, and is not done again.
 * Entry: {@link io.sluice.orchestrator.web.idempotency.IdempotencyFilter}, in front of every controller of the REST interface and
 * behind authentication. Must not know what the calls do.
 */
@NullMarked
package io.sluice.orchestrator.web.idempotency;

import org.jspecify.annotations.NullMarked;
