/**
 * The {@code sluice} commands that speak to a service: what is on the workers, drain, watch, cancel.
 *
 * <p>Entry: {@link io.sluice.orchestrator.cli.Main}. Uses the public REST API alone (package {@code client}), so whatever
 * these commands can do, anyone's program can do too; must not know Spring or any other package of the service, because a
 * command has to answer at once.
 */
@NullMarked
package io.sluice.orchestrator.cli;

import org.jspecify.annotations.NullMarked;
