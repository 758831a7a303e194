package io.sluice.agent.api;

/**
 * Progress of a clone device.
 *
 * @param hydratedRegions regions that are local, holes and written ones included
 * @param inFlightRegions regions being copied right now
 * @param copiedBytes bytes read from the source by background copying and by promotion
 * @param skippedBytes bytes never read because the source does not allocate them
 * @param writtenBytes bytes of regions that became local because the workload wrote them whole
 * @param bytesPerSecond rate of background copying over the last few seconds
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
        boolean running) {
    public boolean complete() {
        return hydratedRegions == totalRegions && inFlightRegions == 0;
    }
}
