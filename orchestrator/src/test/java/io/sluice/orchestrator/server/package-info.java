/**
 * The running server, over HTTP, on a real PostgreSQL. Entries: {@link io.sluice.orchestrator.server.ServerTest} for its set-up,
 * {@link io.sluice.orchestrator.server.FakeHost} for an agent whose host does whatever it is told, at once.
 */
@NullMarked
package io.sluice.orchestrator.server;

import org.jspecify.annotations.NullMarked;
