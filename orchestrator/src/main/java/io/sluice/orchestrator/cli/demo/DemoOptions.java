package io.sluice.orchestrator.cli.demo;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What the person at the keyboard asked for.
 *
 * @param workers how many; the first is the one that is drained
 * @param volumes how many volumes, each with its workload, the first worker starts with
 * @param sizeBytes of each volume
 * @param hydrationBytesPerSecond ceiling of each agent's background copying; null is none
 * @param directory where to make the demo's folder; null is the usual place for temporary files
 */
record DemoOptions(
        int workers,
        int volumes,
        long sizeBytes,
        @Nullable Long hydrationBytesPerSecond,
        @Nullable Path directory) {

    static final long MEBIBYTE = 1 << 20;

    DemoOptions {
        if (workers < 2) {
            throw new DemoFailure("--workers " + workers + ": a drain needs at least 2, one to leave and one to go to");
        }
        if (volumes < 1) {
            throw new DemoFailure("--volumes " + volumes + ": give at least 1");
        }
        if (sizeBytes < 16 * MEBIBYTE || sizeBytes % MEBIBYTE != 0) {
            throw new DemoFailure("--size: give whole mebibytes, at least 16M, for example 256M or 1G");
        }
    }

    String drainedWorker() {
        return "worker-1";
    }

    /** Room for everything on any worker, and for retired copies beside it when a drain goes back. */
    long poolBytes() {
        return 4 * volumeBytes();
    }

    long volumeBytes() {
        return volumes * sizeBytes;
    }
}
