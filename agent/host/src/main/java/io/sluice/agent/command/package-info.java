/**
 * The one way the agent runs external programs: an argument list and no shell, a time limit for the whole process group, a
 * cleaned environment, output bounded or into a file. Entry: the port {@link io.sluice.agent.command.Commands}, done for real by
 * {@link io.sluice.agent.command.ProcessCommands}. Knows nothing of workloads.
 */
@NullMarked
package io.sluice.agent.command;

import org.jspecify.annotations.NullMarked;
