package io.sluice.orchestrator.web;

import org.jspecify.annotations.Nullable;

/**
 * One copy of a volume on one worker.
 *
 * @param allocatedBytes what the medium holds of it; null where the pool cannot tell
 * @param role {@code OWNED}, {@code FROZEN}, {@code INCOMING} or {@code RETIRED}
 * @param owner whether this is the copy that counts: role OWNED with the newest epoch known
 * @param conflict true when another worker holds the same volume in role OWNED; the older copy is fenced, never started
 * @param workload the workload declared there that owns it
 * @param migration the live migration that moves it
 */
public record VolumeView(
        String id,
        String worker,
        String pool,
        long sizeBytes,
        int blockBytes,
        @Nullable Long allocatedBytes,
        long epoch,
        String role,
        boolean owner,
        boolean conflict,
        @Nullable String workload,
        @Nullable String migration) {}
