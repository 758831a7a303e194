/**
 * Fakes of a host, for tests and simulations alone: no file, process, socket or thread. Entry:
 * {@link io.sluice.agent.testing.FakeFleet}, which makes {@link io.sluice.agent.testing.FakeHost}s that reach each other's
 * exports. A block's content is a number, so that a lost write shows.
 */
@NullMarked
package io.sluice.agent.testing;

import org.jspecify.annotations.NullMarked;
