package io.sluice.agent.clone.kernel;

import io.sluice.agent.api.FailureKind;
import io.sluice.agent.clone.pace.RegionSize;
import io.sluice.agent.command.Command;
import io.sluice.agent.command.CommandResult;
import io.sluice.agent.command.CommandResult.Exited;
import io.sluice.agent.command.Commands;
import io.sluice.agent.command.LvmLine;
import io.sluice.agent.reconcile.HostActionException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * The two small logical volumes of a clone: dm-clone's bitmap and dm-era's. They lie in the destination's group, named and
 * tagged so that no pool takes them for volumes.
 */
final class MetadataVolumes {
    static final String TAG = "sluice.metadata";

    /** What tells both targets to format: the superblock alone would do, the rest makes nothing old look like new. */
    private static final int HEAD_BYTES = 64 << 10;

    /** A report waits for the group's lock, which another command may hold while it waits for a device. */
    private static final Duration REPORT_LIMIT = Duration.ofMinutes(2);

    /** A change that is killed half-way may leave a device suspended: only one that will never end may be. */
    private static final Duration CHANGE_LIMIT = Duration.ofMinutes(5);

    /** Of LVM's programs: nothing of that name (lvm2, ECMD_FAILED). */
    private static final int NOT_FOUND = 5;

    private final Commands commands;
    private final Media media;

    MetadataVolumes(Commands commands, Media media) {
        this.commands = commands;
        this.media = media;
    }

    /** Makes both where they are missing and activates them: after a reboot they may be inactive. */
    void ensure(CloneRecord record) {
        long cloneBytes = RegionSize.cloneMetadataBytes(record.sizeBytes(), record.regionBytes());
        ensure(record, record.metadataName(), cloneBytes);
        long eraBytes = RegionSize.eraMetadataBytes(record.sizeBytes(), record.regionBytes());
        ensure(record, record.eraMetadataName(), eraBytes);
    }

    /** Only before the first clone device of the record was made. */
    void zero(CloneRecord record) {
        media.zeroHead(Path.of(record.metadata()), HEAD_BYTES);
        media.zeroHead(Path.of(record.eraMetadata()), HEAD_BYTES);
    }

    /** Harmless where they are gone. */
    void remove(CloneRecord record) {
        List<String> names = List.of(record.metadataName(), record.eraMetadataName());
        List<String> line = new ArrayList<>(List.of("--yes"));
        names.forEach(name -> line.add(record.group() + "/" + name));
        if (change("lvremove", line).succeeded()) {
            return;
        }
        for (String name : names) {
            if (exists(record, name)) {
                done("lvremove", "--yes", record.group() + "/" + name);
            }
        }
    }

    private void ensure(CloneRecord record, String name, long bytes) {
        CommandResult made = change(
                "lvcreate",
                List.of(
                        "--yes",
                        "--wipesignatures",
                        "n",
                        "--zero",
                        "n",
                        "--size",
                        bytes + "b",
                        "--name",
                        name,
                        "--addtag",
                        TAG,
                        record.group()));
        if (made.succeeded()) {
            return;
        }
        if (!exists(record, name)) {
            throw failure("lvcreate", made);
        }
        done("lvchange", "--activate", "y", record.group() + "/" + name);
    }

    private boolean exists(CloneRecord record, String name) {
        CommandResult result =
                run(REPORT_LIMIT, "lvs", List.of("--noheadings", "-o", "lv_name", record.group() + "/" + name));
        if (result instanceof Exited exited && exited.code() == NOT_FOUND) {
            return false;
        }
        if (!result.succeeded()) {
            throw failure("lvs", result);
        }
        return true;
    }

    private void done(String program, String... arguments) {
        CommandResult result = change(program, List.of(arguments));
        if (!result.succeeded()) {
            throw failure(program, result);
        }
    }

    private CommandResult change(String program, List<String> arguments) {
        return run(CHANGE_LIMIT, program, arguments);
    }

    private CommandResult run(Duration limit, String program, List<String> arguments) {
        return commands.run(Command.capturing(limit, LvmLine.of(program, arguments)));
    }

    private static HostActionException failure(String program, CommandResult result) {
        boolean full = result instanceof Exited exited && exited.errors().contains("insufficient free space");
        return full
                ? new HostActionException(
                        "CLONE_METADATA_NO_ROOM",
                        FailureKind.CAPACITY,
                        "there is no room for a clone's metadata: " + program + " " + result.words()
                                + "; keep some free extents in the volume group beside its thin pool")
                : new HostActionException(
                        "CLONE_METADATA_NOT_MADE",
                        FailureKind.RETRY,
                        "a clone's metadata volumes: " + program + " " + result.words());
    }
}
