/** Tests of what the benchmark of a fleet is made of. */
@NullMarked
package io.sluice.orchestrator.cli.bench;

import org.jspecify.annotations.NullMarked;
