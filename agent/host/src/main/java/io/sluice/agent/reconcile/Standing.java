package io.sluice.agent.reconcile;

import io.sluice.agent.api.FailureKind;
import io.sluice.agent.api.MigrationId;
import io.sluice.agent.api.VerificationReport;
import io.sluice.agent.api.VolumeRole;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What one copy of a volume is to this host; kept durably beside the copy.
 *
 * @param epoch the epoch this copy carries: 0 until a migration brought it
 * @param fence highest epoch of any migration taken up for it here, at least {@code epoch}; a lower one is ignored
 * @param migration the migration that made, froze or retired it; null when none did
 * @param whole false while bytes of it may still lie with a source: it may then be served through its clone device alone
 * @param verification outcome of verifying it before it became whole; null when it was never cloned
 * @param keepUntil for a retired copy, when it may be deleted; null otherwise
 */
public record Standing(
        VolumeRole role,
        long epoch,
        long fence,
        @Nullable MigrationId migration,
        boolean whole,
        @Nullable VerificationReport verification,
        @Nullable Instant keepUntil) {

    /** A volume found in a pool that no migration has touched. */
    public static final Standing DISCOVERED = new Standing(VolumeRole.OWNED, 0, 0, null, true, null, null);

    public static Standing incoming(MigrationId migration, long epoch) {
        return new Standing(VolumeRole.INCOMING, epoch, epoch, migration, false, null, null);
    }

    /** The workload may run on it: the incoming copy as its migration starts, or the frozen one when that is given up. */
    public Standing owned() {
        return new Standing(VolumeRole.OWNED, epoch, fence, migration, whole, verification, null);
    }

    public Standing fenced(long atLeast) {
        return new Standing(role, epoch, Math.max(fence, atLeast), migration, whole, verification, keepUntil);
    }

    public Standing frozen(MigrationId by) {
        return new Standing(VolumeRole.FROZEN, epoch, fence, by, whole, verification, null);
    }

    public Standing retired(MigrationId by, Instant until) {
        return new Standing(VolumeRole.RETIRED, epoch, fence, by, whole, verification, until);
    }

    /** Refuses the deletion of a copy that its host may need; {@code copy} names it to the operator. */
    public void requireDeletable(String copy) {
        switch (role) {
            case INCOMING, RETIRED -> {}
            case OWNED, FROZEN ->
                throw new HostActionException(
                        "VOLUME_NOT_DELETABLE",
                        FailureKind.OPERATOR,
                        copy + " is " + role + " and is not deleted by the agent");
        }
    }

    public Standing settled(VerificationReport outcome) {
        return new Standing(role, epoch, fence, migration, true, outcome, keepUntil);
    }
}
