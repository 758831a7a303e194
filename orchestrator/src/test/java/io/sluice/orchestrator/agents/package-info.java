/** Tests of the agents' side without a server. */
@NullMarked
package io.sluice.orchestrator.agents;

import org.jspecify.annotations.NullMarked;
