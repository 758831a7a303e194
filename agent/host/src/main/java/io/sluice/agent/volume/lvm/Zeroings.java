package io.sluice.agent.volume.lvm;

import io.sluice.agent.api.FailureKind;
import io.sluice.agent.api.FailureReport;
import io.sluice.agent.api.MigrationId;
import io.sluice.agent.reconcile.HostActionException;
import io.sluice.agent.reconcile.NewVolume;
import io.sluice.iscsi.block.BlockDeviceException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The plain volumes that are being filled with zeros by this agent, and how far each is. */
final class Zeroings {
    private record Progress(MigrationId migration, long sizeBytes, long doneBytes) {}

    private final Blocks blocks;
    private final Set<String> making = ConcurrentHashMap.newKeySet();
    private final Map<String, Progress> running = new ConcurrentHashMap<>();

    Zeroings(Blocks blocks) {
        this.blocks = blocks;
    }

    /** From before it is there until it is a volume nobody is to take it for left over. */
    void begin(String path) {
        making.add(path);
    }

    void end(String path) {
        making.remove(path);
    }

    boolean runs(String path) {
        return making.contains(path);
    }

    /** Returns once the volume reads zero, durably; run again it begins anew. */
    void run(NewVolume wanted, LogicalVolume logical, Path device) {
        try {
            blocks.zero(
                    device,
                    done -> running.put(logical.path(), new Progress(wanted.migration(), logical.sizeBytes(), done)));
        } catch (BlockDeviceException e) {
            throw new HostActionException(
                    "VOLUME_NOT_ZEROED",
                    FailureKind.RETRY,
                    "volume " + wanted.volume() + " cannot be filled with zeros (" + e.getMessage()
                            + "): check the medium",
                    e);
        } finally {
            running.remove(logical.path());
        }
    }

    /** Told as what the host is waiting for, for the migration that waits. */
    List<FailureReport> progress() {
        List<FailureReport> told = new ArrayList<>();
        running.forEach((path, progress) -> told.add(new FailureReport(
                progress.migration(),
                "VOLUME_BEING_ZEROED",
                "logical volume " + path + " is being filled with zeros before it is used: "
                        + 100 * progress.doneBytes() / progress.sizeBytes() + " % of " + progress.sizeBytes()
                        + " bytes; a thin pool needs none of this",
                FailureKind.RETRY,
                0,
                1)));
        return told;
    }
}
