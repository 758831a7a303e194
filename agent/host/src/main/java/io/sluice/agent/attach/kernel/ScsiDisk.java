package io.sluice.agent.attach.kernel;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The disk of a session, as the kernel's tree has it.
 *
 * @param kernelName {@code sda} and the like: good until the disk is gone, and never kept
 * @param number {@code major:minor}
 * @param serial its unit serial number (VPD page 80h); null where it has none
 * @param state of the SCSI device: {@code running}, {@code offline}, {@code transport-offline}, {@code blocked} …
 * @param device directory of the SCSI device
 */
record ScsiDisk(
        String kernelName,
        String number,
        long sizeBytes,
        int blockBytes,
        @Nullable String serial,
        String state,
        Path device) {
    boolean running() {
        return state.equals("running");
    }

    /** The kernel's error handling gave the disk up; it does not come back by itself. */
    boolean givenUp() {
        return state.equals("offline");
    }
}
