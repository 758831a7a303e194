package io.sluice.agent.api;

import org.jspecify.annotations.Nullable;

/**
 * One volume that a migration makes on this host.
 *
 * @param attachment null when there is no session with the export
 * @param hydration null before the clone device exists and after it is settled and forgotten
 * @param verification null until the volume was verified
 */
public record IncomingVolumeReport(
        MigrationId migration,
        VolumeId volume,
        long epoch,
        IncomingStage stage,
        @Nullable AttachmentReport attachment,
        @Nullable HydrationReport hydration,
        @Nullable VerificationReport verification) {}
