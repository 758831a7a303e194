/** Tests of the commands against a scripted service. */
@NullMarked
package io.sluice.orchestrator.cli;

import org.jspecify.annotations.NullMarked;
