package io.sluice.agent.reconcile;

import io.sluice.agent.api.MigrationId;
import io.sluice.agent.api.PoolName;
import io.sluice.agent.api.VolumeId;

/** A volume to be made for a migration: exact size, reading zero. */
public record NewVolume(
        VolumeId volume, PoolName pool, long sizeBytes, int blockBytes, MigrationId migration, long epoch) {}
