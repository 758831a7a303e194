package io.sluice.agent.devicemapper;

import io.sluice.agent.api.FailureKind;
import io.sluice.agent.command.CommandResult;
import io.sluice.agent.command.CommandResult.Exited;
import io.sluice.agent.command.Commands;
import io.sluice.agent.reconcile.HostActionException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Operations on devices, each with a time limit: by the kernel's control file where that can be opened, else by runs of
 * {@code dmsetup}. A device that hangs makes its operation fail with {@code DEVICE_STUCK}; nobody waits longer. Holds no state and no
 * lock: who calls sees to it that one device has one caller.
 */
public final class DeviceMapper {
    private static final Logger log = LoggerFactory.getLogger(DeviceMapper.class);

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
        KEEPING_BACK
    }

    /** Whether what a device names is opened for writing. */
    public enum Access {
        READ_WRITE,
        READ_ONLY
    }

    private static final Path CONTROL = Path.of("/dev/mapper/control");

    private final DeviceControl control;

    DeviceMapper(DeviceControl control) {
        this.control = control;
    }

    /** By {@code dmsetup} alone. */
    public DeviceMapper(Commands commands) {
        this(new Dmsetup(commands));
    }

    /** By the kernel's control file where there is one. */
    public static DeviceMapper ofThisHost(Commands commands) {
        Dmsetup program = new Dmsetup(commands);
        DeviceNodes nodes = new DeviceNodes(Path.of("/dev"), Path.of("/proc/mounts"));
        DeviceControl kernel = KernelControl.open(CONTROL, nodes, program);
        if (kernel == null) {
            return new DeviceMapper(program);
        }
        nodes.removeStale(new MappedDevices(Path.of("/sys"))::list);
        return new DeviceMapper(kernel);
    }

    /** Null when there is no such device. */
    public @Nullable DeviceInfo find(DeviceName name) {
        String output = orAbsent(name, new DeviceOperation.Info(name));
        return output == null ? null : DeviceInfo.parse(output);
    }

    /** Null when there is no such device, or it has no table in force. */
    public @Nullable Table table(DeviceName name) {
        String output = orAbsent(name, new DeviceOperation.TableOf(name));
        return output == null || output.isBlank() ? null : Table.parse(output);
    }

    /** What the device tells of itself, without flushing or committing anything; null as with {@link #table}. */
    public @Nullable Status status(DeviceName name) {
        String output = orAbsent(name, new DeviceOperation.StatusOf(name));
        return output == null || output.isBlank() ? null : Status.parse(output);
    }

    /**
     * Makes the device with that table in force. It takes the kernel several calls: what an agent that ended between them left, a device
     * without a table in force that nobody has open, goes first.
     */
    public void create(DeviceName name, Table table, Access access) {
        DeviceOperation create = new DeviceOperation.Create(name, table, access == Access.READ_ONLY);
        CommandResult result = run(create, LIMIT);
        if (isBusy(result) && isHalfMade(name)) {
            log.info("a device was left halfway, it is made anew device={}", name);
            remove(name);
            result = run(create, LIMIT);
        }
        if (!result.succeeded()) {
            throw failure("device " + name, verb(create), result);
        }
    }

    private boolean isHalfMade(DeviceName name) {
        DeviceInfo found = find(name);
        return found != null && !found.loaded() && found.openCount() == 0;
    }

    /** Makes the device without a table: it has its number from now on, and no I/O is possible. */
    public void createEmpty(DeviceName name) {
        done(name, LIMIT, new DeviceOperation.Create(name, null, false));
    }

    /** Makes that the table that will be in force after the next resume. Only while suspended, or when there is none. */
    public void load(DeviceName name, Table table, Access access) {
        done(name, LIMIT, new DeviceOperation.Load(name, table, access == Access.READ_ONLY));
    }

    /** Drops a table loaded and not yet in force; harmless when there is none. */
    public void clear(DeviceName name) {
        done(name, LIMIT, new DeviceOperation.Clear(name));
    }

    /** From its return on no I/O is in flight below the device; new I/O waits. Harmless when suspended. */
    public void suspend(DeviceName name, Suspend how) {
        done(name, SUSPEND_LIMIT, new DeviceOperation.Suspend(name, how == Suspend.KEEPING_BACK));
    }

    /** Puts a loaded table in force and lets I/O go on. Harmless when not suspended. */
    public void resume(DeviceName name) {
        done(name, LIMIT, new DeviceOperation.Resume(name));
    }

    /**
     * Suspend, load, resume. Whatever of it fails, the old table goes on: a device that stays suspended hangs whoever uses it.
     *
     * @param stillRight asked while nothing is in flight; what it throws leaves the old table in force
     */
    public void swap(DeviceName name, Table table, Access access, Suspend how, Runnable stillRight) {
        boolean swapped = false;
        try {
            suspend(name, how);
            stillRight.run();
            load(name, table, access);
            resume(name);
            swapped = true;
        } finally {
            if (!swapped) {
                goOnAsBefore(name);
            }
        }
    }

    /** A second failure adds nothing to the first, which is on its way to the caller. */
    private void goOnAsBefore(DeviceName name) {
        run(new DeviceOperation.Clear(name), LIMIT);
        run(new DeviceOperation.Resume(name), LIMIT);
    }

    /** Harmless when there is no such device. Fails with {@code DEVICE_BUSY} while somebody has it open. */
    public void remove(DeviceName name) {
        orAbsent(name, new DeviceOperation.Remove(name));
    }

    /** A message to the device's target. */
    public void message(DeviceName name, String... words) {
        done(name, LIMIT, new DeviceOperation.Message(name, List.of(words)));
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
        CommandResult result = run(new DeviceOperation.Await(name, seen), limit);
        return result instanceof CommandResult.TimedOut ? (Long) seen : events(name);
    }

    /** How many events the device has had; null when there is no such device. */
    public @Nullable Long events(DeviceName name) {
        String output = orAbsent(name, new DeviceOperation.Events(name));
        return output == null ? null : (Long) Long.parseLong(output.strip());
    }

    /** The targets this kernel has loaded; one that is not among them may still be a module to be loaded. */
    public Set<String> targets() {
        CommandResult result = run(new DeviceOperation.Targets(), LIMIT);
        if (!(result instanceof Exited exited) || exited.code() != 0) {
            throw failure("the kernel", "targets", result);
        }
        Set<String> targets = new TreeSet<>();
        exited.output().lines().forEach(line -> targets.add(Words.of(line).next()));
        return targets;
    }

    private CommandResult run(DeviceOperation operation, Duration limit) {
        if (log.isDebugEnabled()) {
            log.debug("asked of the kernel: {}", String.join(" ", operation.words()));
        }
        return control.run(operation, limit);
    }

    private void done(DeviceName name, Duration limit, DeviceOperation operation) {
        CommandResult result = run(operation, limit);
        if (!result.succeeded()) {
            throw failure("device " + name, verb(operation), result);
        }
    }

    /** What it printed; null when the device does not exist. */
    private @Nullable String orAbsent(DeviceName name, DeviceOperation operation) {
        CommandResult result = run(operation, LIMIT);
        if (result instanceof Exited exited) {
            if (exited.code() == 0) {
                return exited.output();
            }
            if (ABSENT.stream().anyMatch(exited.errors()::contains)) {
                return null;
            }
        }
        throw failure("device " + name, verb(operation), result);
    }

    private static String verb(DeviceOperation operation) {
        return operation.words().getFirst();
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
            case Exited exited -> isBusy(exited) ? busy(words) : refused(words);
            case CommandResult.PrintedTooMuch tooMuch -> refused(words);
        };
    }

    private static boolean isBusy(CommandResult result) {
        return result instanceof Exited exited && exited.errors().contains("busy");
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
