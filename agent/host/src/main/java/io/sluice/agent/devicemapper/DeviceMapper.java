package io.sluice.agent.devicemapper;

import io.sluice.agent.api.FailureKind;
import io.sluice.agent.command.Command;
import io.sluice.agent.command.CommandResult;
import io.sluice.agent.command.CommandResult.Exited;
import io.sluice.agent.command.Commands;
import io.sluice.agent.reconcile.HostActionException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Operations on devices, each one run of {@code dmsetup} with a time limit. A device that hangs makes its operation fail with
 * {@code DEVICE_STUCK}; nobody waits longer. Holds no state and no lock: who calls sees to it that one device has one caller.
 */
public final class DeviceMapper {
    /** Opening a disk or binding a table is a matter of milliseconds, or of a disk that does not answer; of seconds on a starved host. */
    static final Duration LIMIT = Duration.ofSeconds(30);

    /** A suspend waits for what is in flight: as long as a session takes to give up its commands, and some more. */
    static final Duration SUSPEND_LIMIT = Duration.ofSeconds(60);

    /** How dmsetup says that there is no such device: of its own accord, or in the kernel's words for ENXIO. */
    private static final List<String> ABSENT = List.of("does not exist", "not found", "No such device or address");

    /** How a device is suspended. */
    public enum Suspend {
        /** What is in flight and what is cached of a file system on it goes down first. */
        FLUSHING,
        /** What is in flight is kept back and sent after the resume: for a map whose path is gone. */
        KEEPING_BACK;

        private List<String> words() {
            return switch (this) {
                case FLUSHING -> List.of("suspend");
                case KEEPING_BACK -> List.of("suspend", "--noflush", "--nolockfs");
            };
        }
    }

    /** Whether what a device names is opened for writing. */
    public enum Access {
        READ_WRITE,
        READ_ONLY
    }

    /**
     * Nodes are made by {@code dmsetup} itself and there when it returns: udev may be slow, or not run, and what it is told
     * of our devices {@link ScanRules} say.
     */
    private static final Map<String, String> ENVIRONMENT = Map.of("LC_ALL", "C", "DM_DISABLE_UDEV", "1");

    private final Commands commands;

    public DeviceMapper(Commands commands) {
        this.commands = commands;
    }

    /** Null when there is no such device. */
    public @Nullable DeviceInfo find(DeviceName name) {
        List<String> arguments =
                List.of("info", "--columns", "--noheadings", "--separator", " ", "-o", DeviceInfo.FIELDS, name.value());
        String output = orAbsent(name, arguments);
        return output == null ? null : DeviceInfo.parse(output);
    }

    /** Null when there is no such device, or it has no table in force. */
    public @Nullable Table table(DeviceName name) {
        String output = orAbsent(name, List.of("table", name.value()));
        return output == null || output.isBlank() ? null : Table.parse(output);
    }

    /** What the device tells of itself, without flushing or committing anything; null as with {@link #table}. */
    public @Nullable Status status(DeviceName name) {
        String output = orAbsent(name, List.of("status", "--noflush", name.value()));
        return output == null || output.isBlank() ? null : Status.parse(output);
    }

    /** Makes the device with that table in force. */
    public void create(DeviceName name, Table table, Access access) {
        List<String> arguments = new ArrayList<>(List.of("create", name.value(), "--uuid", name.uuid()));
        addAccess(arguments, access);
        arguments.addAll(List.of("--table", table.line()));
        done(name, LIMIT, arguments);
    }

    /** Makes the device without a table: it has its number from now on, and no I/O is possible. */
    public void createEmpty(DeviceName name) {
        done(name, LIMIT, List.of("create", name.value(), "--uuid", name.uuid(), "--notable"));
    }

    /** Makes that the table that will be in force after the next resume. Only while suspended, or when there is none. */
    public void load(DeviceName name, Table table, Access access) {
        List<String> arguments = new ArrayList<>(List.of("load", name.value()));
        addAccess(arguments, access);
        arguments.addAll(List.of("--table", table.line()));
        done(name, LIMIT, arguments);
    }

    /** Drops a table loaded and not yet in force; harmless when there is none. */
    public void clear(DeviceName name) {
        done(name, LIMIT, List.of("clear", name.value()));
    }

    /** From its return on no I/O is in flight below the device; new I/O waits. Harmless when suspended. */
    public void suspend(DeviceName name, Suspend how) {
        List<String> arguments = new ArrayList<>(how.words());
        arguments.add(name.value());
        done(name, SUSPEND_LIMIT, arguments);
    }

    /** Puts a loaded table in force and lets I/O go on. Harmless when not suspended. */
    public void resume(DeviceName name) {
        done(name, LIMIT, List.of("resume", name.value()));
    }

    /**
     * Suspend, load, resume.
     *
     * @param stillRight asked while nothing is in flight; what it throws leaves the old table in force
     */
    public void swap(DeviceName name, Table table, Access access, Suspend how, Runnable stillRight) {
        boolean loaded = false;
        try {
            suspend(name, how);
            stillRight.run();
            load(name, table, access);
            loaded = true;
        } finally {
            if (!loaded) {
                goOnAsBefore(name);
            }
        }
        resume(name);
    }

    /** A second failure adds nothing to the first, which is on its way to the caller. */
    private void goOnAsBefore(DeviceName name) {
        commands.run(command(LIMIT, List.of("clear", name.value())));
        commands.run(command(LIMIT, List.of("resume", name.value())));
    }

    /** Harmless when there is no such device. Fails with {@code DEVICE_BUSY} while somebody has it open. */
    public void remove(DeviceName name) {
        orAbsent(name, List.of("remove", "--retry", name.value()));
    }

    /** A message to the device's target. */
    public void message(DeviceName name, String... words) {
        List<String> arguments = new ArrayList<>(List.of("message", name.value(), "0"));
        arguments.addAll(List.of(words));
        done(name, LIMIT, arguments);
    }

    /**
     * Returns when the device has had more events than so many, or the limit has passed.
     *
     * @return how many it has had, or {@code seen} when there was none; null when there is no such device
     */
    public @Nullable Long awaitEvent(DeviceName name, long seen, Duration limit) {
        Long before = events(name);
        if (before == null || before > seen) {
            return before;
        }
        CommandResult result = commands.run(command(limit, List.of("wait", "--noflush", name.value(), "" + seen)));
        return result instanceof CommandResult.TimedOut ? (Long) seen : events(name);
    }

    /** How many events the device has had; null when there is no such device. */
    public @Nullable Long events(DeviceName name) {
        String output = orAbsent(name, List.of("info", "--columns", "--noheadings", "-o", "events", name.value()));
        return output == null ? null : (Long) Long.parseLong(output.strip());
    }

    /** The targets this kernel has loaded; one that is not among them may still be a module to be loaded. */
    public Set<String> targets() {
        CommandResult result = commands.run(command(LIMIT, List.of("targets")));
        if (!(result instanceof Exited exited) || exited.code() != 0) {
            throw failure("the kernel", "targets", result);
        }
        Set<String> targets = new TreeSet<>();
        exited.output().lines().forEach(line -> targets.add(Words.of(line).next()));
        return targets;
    }

    private static void addAccess(List<String> arguments, Access access) {
        if (access == Access.READ_ONLY) {
            arguments.add("--readonly");
        }
    }

    private static Command command(Duration limit, List<String> arguments) {
        List<String> line = new ArrayList<>(List.of("dmsetup"));
        line.addAll(arguments);
        return new Command(line, ENVIRONMENT, limit, Command.Output.Captured.REPORT, Command.Input.NONE);
    }

    private void done(DeviceName name, Duration limit, List<String> arguments) {
        CommandResult result = commands.run(command(limit, arguments));
        if (!result.succeeded()) {
            throw failure("device " + name, verb(arguments), result);
        }
    }

    /** What it printed; null when the device does not exist. */
    private @Nullable String orAbsent(DeviceName name, List<String> arguments) {
        CommandResult result = commands.run(command(LIMIT, arguments));
        if (result instanceof Exited exited) {
            if (exited.code() == 0) {
                return exited.output();
            }
            if (ABSENT.stream().anyMatch(exited.errors()::contains)) {
                return null;
            }
        }
        throw failure("device " + name, verb(arguments), result);
    }

    private static String verb(List<String> arguments) {
        return arguments.stream()
                .filter(word -> !word.startsWith("--"))
                .findFirst()
                .orElse("dmsetup");
    }

    private static HostActionException failure(String what, String verb, CommandResult result) {
        String words = "dmsetup " + verb + " for " + what + " " + result.words();
        return switch (result) {
            case CommandResult.TimedOut timedOut ->
                new HostActionException(
                        "DEVICE_STUCK",
                        FailureKind.RETRY,
                        words + "; it is tried again: see that the disks below it answer (dmsetup table, iscsiadm -m"
                                + " session -P 3)");
            case CommandResult.NotStarted notStarted ->
                new HostActionException(
                        "DEVICE_MAPPER_MISSING",
                        FailureKind.OPERATOR,
                        words + ": install the package dmsetup, or set 'disks: portal'");
            case Exited exited -> exited.errors().contains("busy") ? busy(words) : refused(words);
            case CommandResult.PrintedTooMuch tooMuch -> refused(words);
        };
    }

    private static HostActionException busy(String words) {
        return new HostActionException(
                "DEVICE_BUSY", FailureKind.RETRY, words + "; somebody has it open: see lsblk and dmsetup ls --tree");
    }

    private static HostActionException refused(String words) {
        return new HostActionException(
                "DEVICE_REFUSED", FailureKind.RETRY, words + "; the kernel says why in its log (dmesg)");
    }
}
