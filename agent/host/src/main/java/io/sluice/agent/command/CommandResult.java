package io.sluice.agent.command;

/**
 * How a program ended. Of one that prints into a file, {@code output} is the end of what both streams said and
 * {@code errors} is empty; of a captured one, {@code output} is all of its standard output.
 */
public sealed interface CommandResult {
    record Exited(int code, String output, String errors) implements CommandResult {}

    /** It ran past its limit and was killed with all of its process group. */
    record TimedOut(String output, String errors) implements CommandResult {}

    /** It printed more than it may and was killed with all of its process group. */
    record PrintedTooMuch(int mostBytes) implements CommandResult {}

    record NotStarted(String reason) implements CommandResult {}

    default boolean succeeded() {
        return this instanceof Exited exited && exited.code() == 0;
    }

    /** How it ended, for a message: a clause whose subject is the program. */
    default String words() {
        return switch (this) {
            case Exited exited ->
                "ended with code " + exited.code()
                        + said(exited.errors().isEmpty() ? exited.output() : exited.errors());
            case TimedOut late ->
                "ran past its limit and was killed" + said(late.errors().isEmpty() ? late.output() : late.errors());
            case PrintedTooMuch much -> "printed more than " + much.mostBytes() + " bytes and was killed";
            case NotStarted not -> "could not be run: " + not.reason();
        };
    }

    private static String said(String text) {
        return text.isEmpty() ? "" : ": " + text;
    }
}
