package io.sluice.agent.testing;

import io.sluice.agent.command.Command;
import io.sluice.agent.command.CommandResult;
import io.sluice.agent.command.Commands;
import io.sluice.agent.command.LvmLine;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Programs that end as a test says; remembers what was run. A script is named by a program, or by a program and its first
 * arguments ({@code "dmsetup status"}); the longest that fits is taken. A program not scripted cannot be started.
 *
 * <p>{@link #dieBefore} and {@link #dieAfter} end the caller at a chosen command, as a crash of the agent would: from then on nothing is
 * run until {@link #live}.
 */
public final class ScriptedCommands implements Commands {
    private final Map<String, Function<Command, CommandResult>> scripts = new ConcurrentHashMap<>();
    private final List<Command> ran = new CopyOnWriteArrayList<>();
    private volatile int diesBefore = Integer.MAX_VALUE;
    private volatile int diesAfter = Integer.MAX_VALUE;
    private volatile boolean dead;

    /** The end of the agent at a command; thrown through whoever ran it. */
    public static final class Died extends Error {
        private static final long serialVersionUID = 1;

        Died(String at) {
            super("died at " + at);
        }
    }

    /** These results one after another, the last of them from then on. */
    public void script(String start, CommandResult result, CommandResult... more) {
        Deque<CommandResult> left = new ArrayDeque<>(List.of(more));
        left.addFirst(result);
        scripts.put(start, command -> {
            synchronized (left) {
                return left.size() > 1 ? left.removeFirst() : left.getFirst();
            }
        });
    }

    /** A program that does something: its result is computed from the whole command. */
    public void simulate(String start, Function<Command, CommandResult> program) {
        scripts.put(start, program);
    }

    public void exits(String start, int code) {
        script(start, new CommandResult.Exited(code, "", ""));
    }

    public void fails(String start, int code, String errors) {
        script(start, new CommandResult.Exited(code, "", errors));
    }

    public void prints(String start, String output) {
        script(start, new CommandResult.Exited(0, output, ""));
    }

    /** Dies instead of running the command of that number, counted from 0 over all that ran so far. */
    public void dieBefore(int number) {
        diesBefore = number;
    }

    /** Dies when the command of that number has done its work, before its result is known. */
    public void dieAfter(int number) {
        diesAfter = number;
    }

    /** From now on nobody dies. */
    public void live() {
        dead = false;
        diesBefore = Integer.MAX_VALUE;
        diesAfter = Integer.MAX_VALUE;
    }

    public List<Command> ran() {
        return List.copyOf(ran);
    }

    /** What was run, each as its arguments joined by blanks. */
    public List<String> lines() {
        return ran.stream().map(ScriptedCommands::line).toList();
    }

    public void forget() {
        ran.clear();
    }

    @Override
    public CommandResult run(Command command) {
        int number = ran.size();
        if (dead || number == diesBefore) {
            dead = true;
            throw new Died(line(command));
        }
        ran.add(command);
        CommandResult result = perform(command);
        if (number == diesAfter) {
            dead = true;
            throw new Died(line(command));
        }
        return result;
    }

    private CommandResult perform(Command command) {
        Function<Command, CommandResult> program = scriptOf(line(command));
        try {
            return program == null
                    ? new CommandResult.NotStarted("no such program: " + command)
                    : program.apply(command);
        } catch (Died e) {
            dead = true;
            throw e;
        }
    }

    private @Nullable Function<Command, CommandResult> scriptOf(String line) {
        return scripts.entrySet().stream()
                .filter(script -> line.equals(script.getKey()) || line.startsWith(script.getKey() + " "))
                .max(Comparator.comparingInt(script -> script.getKey().length()))
                .map(Map.Entry::getValue)
                .orElse(null);
    }

    private static String line(Command command) {
        return String.join(" ", LvmLine.shown(command.arguments()));
    }
}
