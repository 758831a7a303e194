/**
 * What the agent keeps across restarts, each file written whole or not at all. Entry: {@link io.sluice.agent.ledger.Ledger}
 * for the spec and the count of starts; {@link io.sluice.agent.ledger.DurableRecord} for records that other packages keep.
 * Knows nothing of what the records mean.
 */
@NullMarked
package io.sluice.agent.ledger;

import org.jspecify.annotations.NullMarked;
