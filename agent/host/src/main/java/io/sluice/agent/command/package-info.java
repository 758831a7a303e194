/**
 * Runs external programs with a time limit. Entry: the port {@link io.sluice.agent.command.Commands}, done for real by
 * {@link io.sluice.agent.command.ProcessCommands}. Knows nothing of workloads.
 */
@NullMarked
package io.sluice.agent.command;

import org.jspecify.annotations.NullMarked;
