package io.sluice.agent.reconcile;

import io.sluice.agent.api.AttachmentReport;
import io.sluice.agent.api.HydrationOrder;
import io.sluice.agent.api.HydrationReport;
import io.sluice.agent.api.IncomingStage;
import io.sluice.agent.api.MigrationId;
import io.sluice.agent.api.VerificationReport;
import io.sluice.agent.api.VolumeId;
import org.jspecify.annotations.Nullable;

/**
 * One clone as found.
 *
 * @param stage {@code CREATED}: only metadata, left from before a restart; {@code ATTACHED}: session, no clone device;
 *     {@code CLONED}: the clone device is up. Never {@code LINEAR}: then there is no clone any more
 * @param hydration null before the clone device is up
 * @param order how background copying runs; null while it is off
 * @param verification null until verified by this run of the agent
 * @param problem what keeps it from being of use until somebody has done something; null when nothing does
 */
public record CloneState(
        MigrationId migration,
        VolumeId volume,
        IncomingStage stage,
        @Nullable AttachmentReport attachment,
        @Nullable HydrationReport hydration,
        @Nullable HydrationOrder order,
        @Nullable VerificationReport verification,
        @Nullable CloneProblem problem) {

    /** With nothing in its way. */
    public CloneState(
            MigrationId migration,
            VolumeId volume,
            IncomingStage stage,
            @Nullable AttachmentReport attachment,
            @Nullable HydrationReport hydration,
            @Nullable HydrationOrder order,
            @Nullable VerificationReport verification) {
        this(migration, volume, stage, attachment, hydration, order, verification, null);
    }

    public boolean up() {
        return stage == IncomingStage.CLONED;
    }

    public boolean complete() {
        HydrationReport seen = hydration;
        return up() && seen != null && seen.complete();
    }
}
