/**
 * What an operator can be told: the one catalogue of codes, each with a message and the next thing to do. Entry:
 * {@link io.sluice.orchestrator.reason.ReasonCode}. The REST interface, the dashboard and the documentation read it; it must
 * not know who waits, refuses or shows.
 */
@NullMarked
package io.sluice.orchestrator.reason;

import org.jspecify.annotations.NullMarked;
