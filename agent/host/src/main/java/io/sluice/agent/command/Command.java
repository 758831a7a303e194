package io.sluice.agent.command;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * One run of a program.
 *
 * @param arguments the program and its arguments; no shell is involved. A program without a slash is looked for in
 *     {@link #PATH}
 * @param environment all it gets, beside PATH unless that is given here
 * @param limit after which its whole process group is killed
 * @param output where what it prints goes
 * @param input what it reads
 */
public record Command(
        List<String> arguments, Map<String, String> environment, Duration limit, Output output, Input input) {

    /** Where programs are looked for, whatever the agent itself was started with. */
    public static final List<String> PATH =
            List.of("/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin");

    /** Messages and numbers are to be read by the agent, not by people of one country. */
    private static final Map<String, String> PLAIN = Map.of("LC_ALL", "C");

    /** Where a program's output goes. */
    public sealed interface Output {
        /**
         * Both streams into a file, emptied first; the result holds its end. What the program leaves running may go on
         * printing when the agent is gone.
         */
        record ToFile(Path file) implements Output {}

        /**
         * Into the result, the two streams apart. A program that prints more than this on its standard output is killed;
         * of its errors the end is kept.
         */
        record Captured(int mostBytes) implements Output {
            /** Reports of some thousand devices; a runaway program must not take the agent's memory. */
            public static final Captured REPORT = new Captured(4 << 20);
        }
    }

    /** What a program reads from its standard input: the way to hand it a secret, since arguments can be seen by anyone. */
    public record Input(String text) {
        public static final Input NONE = new Input("");

        /** A pipe holds as much without a reader, so that writing it never waits for the program. */
        private static final int MOST_CHARACTERS = 1024;

        public Input {
            if (text.length() > MOST_CHARACTERS) {
                throw new IllegalArgumentException(
                        "input of " + text.length() + " characters, at most " + MOST_CHARACTERS);
            }
        }

        @Override
        public String toString() {
            return text.isEmpty() ? "none" : "(withheld)";
        }
    }

    public Command {
        if (arguments.isEmpty()) {
            throw new IllegalArgumentException("a command needs a program");
        }
        arguments = List.copyOf(arguments);
        environment = Map.copyOf(environment);
    }

    /** A program whose answer the agent reads, in the C locale. */
    public static Command capturing(Duration limit, List<String> arguments) {
        return new Command(arguments, PLAIN, limit, Output.Captured.REPORT, Input.NONE);
    }

    public static Command capturing(Duration limit, String... arguments) {
        return capturing(limit, List.of(arguments));
    }

    /** Somebody's program, which may leave processes behind that go on printing into the file. */
    public static Command logging(Duration limit, List<String> arguments, Map<String, String> environment, Path file) {
        return new Command(arguments, environment, limit, new Output.ToFile(file), Input.NONE);
    }

    public Command withInput(String text) {
        return new Command(arguments, environment, limit, output, new Input(text));
    }

    public String program() {
        return arguments.getFirst();
    }

    /** The program alone: arguments and environment may hold secrets. */
    @Override
    public String toString() {
        return program();
    }
}
