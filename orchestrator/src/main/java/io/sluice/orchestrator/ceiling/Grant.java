package io.sluice.orchestrator.ceiling;

import io.sluice.agent.api.MigrationId;
import io.sluice.agent.api.VolumeId;

/**
 * A new rate of one volume.
 *
 * @param bytesPerSecond {@link PacedVolume#UNLIMITED} where no ceiling is on its way any more
 */
public record Grant(MigrationId migration, VolumeId volume, long bytesPerSecond) {}
