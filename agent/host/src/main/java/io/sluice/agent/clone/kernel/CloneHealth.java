package io.sluice.agent.clone.kernel;

import io.sluice.agent.api.FailureKind;
import io.sluice.agent.api.VolumeId;
import io.sluice.agent.devicemapper.CloneStatus;
import io.sluice.agent.devicemapper.EraStatus;
import io.sluice.agent.devicemapper.Status;
import io.sluice.agent.reconcile.CloneProblem;
import org.jspecify.annotations.Nullable;

/** What the statuses of a clone's devices mean for whoever relies on it. Pure. */
final class CloneHealth {
    private CloneHealth() {}

    /** Null while both devices work; null statuses are of devices that are not there. */
    static @Nullable CloneProblem of(VolumeId volume, String metadata, @Nullable Status clone, @Nullable Status era) {
        if (clone instanceof CloneStatus.Failed) {
            return new CloneProblem(
                    "CLONE_METADATA_FAILED",
                    FailureKind.OPERATOR,
                    "dm-clone of volume " + volume + " can neither read nor write its metadata on " + metadata
                            + ": all I/O of the workload fails; mend that disk, the agent opens them again by itself"
                            + " and all that was flushed is there; then restart the workload");
        }
        if (clone instanceof CloneStatus.Working working && working.mode() == CloneStatus.Mode.READ_ONLY) {
            return new CloneProblem(
                    "CLONE_METADATA_READ_ONLY",
                    FailureKind.OPERATOR,
                    "dm-clone of volume " + volume + " cannot write its metadata on " + metadata
                            + ": writes to what is not copied yet, and flushes, fail; mend that disk, the agent opens"
                            + " them again by itself and all that was flushed is there; then restart the workload");
        }
        if (era instanceof EraStatus.Failed) {
            return new CloneProblem(
                    "WRITTEN_SET_FAILED",
                    FailureKind.OPERATOR,
                    "dm-era of volume " + volume
                            + " cannot keep its record of what the workload writes: what is written cannot be told"
                            + " from what was copied wrongly, so the volume cannot be verified; both copies are kept");
        }
        return null;
    }
}
