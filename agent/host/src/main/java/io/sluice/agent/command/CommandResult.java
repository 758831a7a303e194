package io.sluice.agent.command;

/** How a program ended. {@code tail} is the end of what it printed. */
public sealed interface CommandResult {
    record Exited(int code, String tail) implements CommandResult {}

    /** It ran past its limit and was killed with all of its process group. */
    record TimedOut(String tail) implements CommandResult {}

    record NotStarted(String reason) implements CommandResult {}
}
