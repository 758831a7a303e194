package io.sluice.agent.command;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * One run of a program.
 *
 * @param arguments the program's path and its arguments; no shell is involved
 * @param environment all it gets, beside PATH unless that is given here
 * @param limit after which its whole process group is killed
 * @param output file that takes what it prints, emptied first. A file and no pipe: what the program leaves running may go on
 *     printing when the agent is gone
 */
public record Command(List<String> arguments, Map<String, String> environment, Duration limit, Path output) {
    public Command {
        if (arguments.isEmpty()) {
            throw new IllegalArgumentException("a command needs a program");
        }
        arguments = List.copyOf(arguments);
        environment = Map.copyOf(environment);
    }

    /** The program alone: arguments and environment may hold secrets. */
    @Override
    public String toString() {
        return arguments.getFirst();
    }
}
