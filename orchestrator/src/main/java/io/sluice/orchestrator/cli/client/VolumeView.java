package io.sluice.orchestrator.cli.client;

import org.jspecify.annotations.Nullable;

/**
 * A volume on one worker; after a migration the source's retired copy is a second entry of the same id.
 *
 * @param conflict another worker claims to own it too; the older copy is never started
 */
public record VolumeView(
        String id,
        String worker,
        String pool,
        @Nullable Long sizeBytes,
        @Nullable Long blockBytes,
        @Nullable Long allocatedBytes,
        @Nullable Long epoch,
        String role,
        boolean conflict,
        @Nullable String workload,
        @Nullable String migration) {}
