/** Tests of a drain as lines of text. */
@NullMarked
package io.sluice.orchestrator.cli.progress;

import org.jspecify.annotations.NullMarked;
