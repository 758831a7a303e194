package io.sluice.agent.volume.lvm;

import io.sluice.agent.api.FailureKind;
import io.sluice.agent.command.Command;
import io.sluice.agent.command.CommandResult;
import io.sluice.agent.command.Commands;
import io.sluice.agent.command.LvmLine;
import io.sluice.agent.reconcile.HostActionException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** LVM by its commands (lvm(8)). No decisions here. */
final class Lvm {
    /** A report waits for the group's lock, which another command may hold while it waits for a device. */
    private static final Duration REPORT_LIMIT = Duration.ofMinutes(2);

    /** A change that is killed half-way may leave a device suspended: only one that will never end may be. */
    private static final Duration CHANGE_LIMIT = Duration.ofMinutes(5);

    private final Commands commands;
    private final LvmReports.Sectors sectors;

    Lvm(Commands commands, LvmReports.Sectors sectors) {
        this.commands = commands;
        this.sectors = sectors;
    }

    /** The group and all its volumes; {@code POOL_UNREADABLE} when that cannot be told. */
    VolumeGroup look(String group) {
        String volumes = report(group, "lvs", LvmReports.VOLUME_FIELDS);
        try {
            VolumeGroup found = LvmReports.read(volumes, sectors);
            return found == null ? LvmReports.readEmpty(report(group, "vgs", LvmReports.GROUP_FIELDS)) : found;
        } catch (IllegalArgumentException e) {
            throw unreadable(group, String.valueOf(e.getMessage()), e);
        }
    }

    private String report(String group, String program, String fields) {
        List<String> line = LvmLine.of(
                program, List.of("--reportformat", "json", "--units", "b", "--nosuffix", "-o", fields, group));
        CommandResult result = commands.run(Command.capturing(REPORT_LIMIT, line));
        if (result instanceof CommandResult.Exited exited && exited.code() == 0) {
            return exited.output();
        }
        throw unreadable(group, program + " " + result.words(), null);
    }

    private static HostActionException unreadable(String group, String what, @Nullable Throwable cause) {
        return new HostActionException(
                "POOL_UNREADABLE",
                FailureKind.RETRY,
                "volume group " + group + " cannot be looked at: " + what
                        + ": see that LVM is installed and the group's disks are there",
                cause);
    }

    /** Runs a command that changes something; {@code VOLUME_CHANGE_FAILED} says why it did not. */
    void change(List<String> arguments) {
        List<String> line = LvmLine.of(arguments.getFirst(), arguments.subList(1, arguments.size()));
        CommandResult result = commands.run(Command.capturing(CHANGE_LIMIT, line));
        if (!result.succeeded()) {
            throw new HostActionException(
                    "VOLUME_CHANGE_FAILED",
                    FailureKind.RETRY,
                    "'" + String.join(" ", arguments) + "' " + result.words());
        }
    }

    void change(String program, String... arguments) {
        List<String> line = new ArrayList<>();
        line.add(program);
        line.addAll(List.of(arguments));
        change(line);
    }
}
