/**
 * Ceilings as operators set them, and the rates that follow from them. Entries: {@link io.sluice.orchestrator.ceiling.CeilingService}
 * and {@link io.sluice.orchestrator.ceiling.Pacer}; {@link io.sluice.orchestrator.ceiling.Pacing} decides (pure). That no more
 * migrations begin than a ceiling allows is the migration machine's business. Must not know drains, HTTP or how anything is stored.
 */
@NullMarked
package io.sluice.orchestrator.ceiling;

import org.jspecify.annotations.NullMarked;
