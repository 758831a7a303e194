package io.sluice.agent.command;

/** Runs programs. */
public interface Commands {
    /** Returns when the program has ended, or was killed. What it put into the background goes on. */
    CommandResult run(Command command);
}
