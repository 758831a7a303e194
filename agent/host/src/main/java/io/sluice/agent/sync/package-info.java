/**
 * The agent's side of the two calls: registers, posts reports, takes specs, and drives {@link
 * io.sluice.agent.reconcile.HostAgent} between them. Entry: {@link io.sluice.agent.sync.SyncLoop}. Everything local goes on
 * while the orchestrator is away. Knows nothing of what specs and reports mean.
 */
@NullMarked
package io.sluice.agent.sync;

import org.jspecify.annotations.NullMarked;
