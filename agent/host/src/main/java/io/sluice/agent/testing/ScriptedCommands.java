package io.sluice.agent.testing;

import io.sluice.agent.command.Command;
import io.sluice.agent.command.CommandResult;
import io.sluice.agent.command.Commands;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** Programs that end as a test says; remembers what was run. A program not scripted cannot be started. */
public final class ScriptedCommands implements Commands {
    private final Map<String, CommandResult> results = new ConcurrentHashMap<>();
    private final List<Command> ran = new CopyOnWriteArrayList<>();

    public void script(String program, CommandResult result) {
        results.put(program, result);
    }

    public void exits(String program, int code) {
        script(program, new CommandResult.Exited(code, ""));
    }

    public List<Command> ran() {
        return List.copyOf(ran);
    }

    @Override
    public CommandResult run(Command command) {
        ran.add(command);
        return results.getOrDefault(
                command.arguments().getFirst(), new CommandResult.NotStarted("no such program: " + command));
    }
}
