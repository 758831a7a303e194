/**
 * Drains: an operator's wish, planned and carried out by migrations. Entry: {@link io.sluice.orchestrator.drain.DrainService}.
 * Phases, progress and whether a worker is safe to power off are computed from reports and migrations
 * ({@link io.sluice.orchestrator.drain.DrainStatus}, {@link io.sluice.orchestrator.drain.PowerOff}), never stored. Must not know
 * HTTP or how anything is stored.
 */
@NullMarked
package io.sluice.orchestrator.drain;

import org.jspecify.annotations.NullMarked;
