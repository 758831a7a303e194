/**
 * A drain as lines of text: bars for a terminal, one line per change for a log.
 *
 * <p>Entries: {@link io.sluice.orchestrator.cli.progress.ProgressView} and {@link
 * io.sluice.orchestrator.cli.progress.ProgressLog} (pure), {@link io.sluice.orchestrator.cli.progress.LiveScreen} (draws
 * over itself). Must not know where a drain's view comes from.
 */
@NullMarked
package io.sluice.orchestrator.cli.progress;

import org.jspecify.annotations.NullMarked;
