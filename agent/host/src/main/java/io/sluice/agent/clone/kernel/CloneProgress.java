package io.sluice.agent.clone.kernel;

import io.sluice.agent.api.CloneEngine;
import io.sluice.agent.api.HydrationOrder;
import io.sluice.agent.api.HydrationReport;
import io.sluice.agent.api.MissingBytes;
import io.sluice.agent.devicemapper.CloneStatus;
import org.jspecify.annotations.Nullable;

/** How far a clone is, as it is reported. */
final class CloneProgress {
    private CloneProgress() {}

    /** Regions that the workload wrote whole count as copied: the kernel does not tell them apart. */
    static HydrationReport report(
            CloneRecord record,
            CloneStatus.Working now,
            @Nullable Pacing driven,
            @Nullable HydrationOrder wanted,
            @Nullable MissingBytes missing) {
        long localBytes = Math.min(record.sizeBytes(), now.hydratedRegions() * record.regionBytes());
        return new HydrationReport(
                record.regionBytes(),
                now.regions(),
                now.hydratedRegions(),
                now.hydratingRegions(),
                Math.max(0, localBytes - record.skippedBytes()),
                record.skippedBytes(),
                0,
                driven == null ? 0 : driven.bytesPerSecond(),
                wanted != null && !wanted.paused() && !now.complete(),
                CloneEngine.DM_CLONE,
                driven == null ? null : driven.report(),
                missing);
    }
}
