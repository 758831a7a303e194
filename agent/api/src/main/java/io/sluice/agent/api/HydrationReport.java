package io.sluice.agent.api;

import org.jspecify.annotations.Nullable;

/**
 * Progress of a clone device.
 *
 * @param hydratedRegions regions that are local, holes and written ones included
 * @param inFlightRegions regions being copied right now
 * @param copiedBytes bytes read from the source by background copying and by promotion
 * @param skippedBytes bytes never read because the source does not allocate them
 * @param writtenBytes bytes of regions that became local because the workload wrote them whole
 * @param bytesPerSecond rate of background copying over the last few seconds
 * @param engine null, as from an agent that knows of one alone, is {@link CloneEngine#PORTABLE}
 * @param pace how the kernel's engine is being driven; null where nothing needs driving
 * @param missing told while the source has been away for some time; null otherwise, and where the agent cannot tell
 */
public record HydrationReport(
        int regionBytes,
        long totalRegions,
        long hydratedRegions,
        long inFlightRegions,
        long copiedBytes,
        long skippedBytes,
        long writtenBytes,
        long bytesPerSecond,
        boolean running,
        @Nullable CloneEngine engine,
        @Nullable HydrationPaceReport pace,
        @Nullable MissingBytes missing) {

    /** Of the portable engine, which paces itself. */
    public HydrationReport(
            int regionBytes,
            long totalRegions,
            long hydratedRegions,
            long inFlightRegions,
            long copiedBytes,
            long skippedBytes,
            long writtenBytes,
            long bytesPerSecond,
            boolean running) {
        this(
                regionBytes,
                totalRegions,
                hydratedRegions,
                inFlightRegions,
                copiedBytes,
                skippedBytes,
                writtenBytes,
                bytesPerSecond,
                running,
                null,
                null,
                null);
    }

    /** The same, telling what is missing. */
    public HydrationReport with(@Nullable MissingBytes bytes) {
        return new HydrationReport(
                regionBytes,
                totalRegions,
                hydratedRegions,
                inFlightRegions,
                copiedBytes,
                skippedBytes,
                writtenBytes,
                bytesPerSecond,
                running,
                engine,
                pace,
                bytes);
    }

    public boolean complete() {
        return hydratedRegions == totalRegions && inFlightRegions == 0;
    }
}
