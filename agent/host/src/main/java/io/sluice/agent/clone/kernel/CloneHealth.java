package io.sluice.agent.clone.kernel;

import io.sluice.agent.api.FailureKind;
import io.sluice.agent.devicemapper.CloneStatus;
import io.sluice.agent.devicemapper.DeviceName;
import io.sluice.agent.devicemapper.EraStatus;
import io.sluice.agent.devicemapper.Status;
import io.sluice.agent.reconcile.CloneProblem;
import org.jspecify.annotations.Nullable;

/** What the statuses of a clone's devices mean for whoever relies on it. Pure. */
final class CloneHealth {
    private CloneHealth() {}

    /** Whether dm-clone itself has failed; a failed dm-era leaves it working. */
    static boolean isBroken(@Nullable Status clone) {
        return clone instanceof CloneStatus.Failed
                || (clone instanceof CloneStatus.Working working && working.mode() == CloneStatus.Mode.READ_ONLY);
    }

    /** Null while both devices work; null statuses are of devices that are not there. */
    static @Nullable CloneProblem of(CloneRecord record, CloneStack.Seen seen) {
        if (seen.ofClone() instanceof CloneStatus.Failed) {
            return problem(
                    "CLONE_METADATA_FAILED",
                    "dm-clone of volume " + record.volume() + " can neither read nor write its metadata on "
                            + record.metadata()
                            + ": all I/O of the workload fails; mend that disk, the agent opens them again by itself"
                            + " and all that was flushed is there; then restart the workload");
        }
        if (isBroken(seen.ofClone())) {
            return problem(
                    "CLONE_METADATA_READ_ONLY",
                    "dm-clone of volume " + record.volume() + " cannot write its metadata on " + record.metadata()
                            + ": writes to what is not copied yet, and flushes, fail; mend that disk, the agent opens"
                            + " them again by itself and all that was flushed is there; then restart the workload");
        }
        if (seen.ofEra() instanceof EraStatus.Failed) {
            return problem(
                    "WRITTEN_SET_FAILED",
                    "dm-era of volume " + record.volume() + " cannot keep its record on " + record.eraMetadata()
                            + " of what the workload writes: writes to regions that are not on it fail until the"
                            + " agent has taken dm-era out of the way, which it does while the source is connected; "
                            + heldBack(record));
        }
        return record.writtenSetLostAt() == null ? null : writtenSetLost(record);
    }

    /** The record was given up; the workload writes on without. */
    static CloneProblem writtenSetLost(CloneRecord record) {
        return problem(
                "WRITTEN_SET_FAILED",
                "dm-era of volume " + record.volume() + " could not keep its record on " + record.eraMetadata()
                        + " of what the workload writes; the workload writes on without it, restart it if it saw I/O"
                        + " errors; " + heldBack(record));
    }

    private static String heldBack(CloneRecord record) {
        return "what it wrote cannot be told from what was copied wrongly, so the volume is copied whole but neither"
                + " verified nor settled, and both copies are kept: see that disk (dmesg), then compare "
                + DeviceName.disk(record.volume()).path() + " with the source's copy and decide which one is right";
    }

    private static CloneProblem problem(String code, String message) {
        return new CloneProblem(code, FailureKind.OPERATOR, message);
    }
}
