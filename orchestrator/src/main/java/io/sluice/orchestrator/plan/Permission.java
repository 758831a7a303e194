package io.sluice.orchestrator.plan;

/**
 * How much of what stands on workers that are not drained may be moved to make room: third-party moves.
 *
 * @param volumes so many volumes at most
 * @param bytes their sizes together at most
 */
public record Permission(int volumes, long bytes) {
    public static final Permission NONE = new Permission(0, 0);

    public Permission {
        if (volumes < 0 || bytes < 0) {
            throw new IllegalArgumentException(
                    "a permission is of nothing or more, not of " + volumes + " volumes and " + bytes + " bytes");
        }
    }

    public boolean allowsNothing() {
        return volumes == 0;
    }

    public boolean covers(int someVolumes, long someBytes) {
        return someVolumes <= volumes && someBytes <= bytes;
    }

    /** What is left of it once so much was moved; nothing where that was more than it allows. */
    public Permission less(int spentVolumes, long spentBytes) {
        return covers(spentVolumes, spentBytes) ? new Permission(volumes - spentVolumes, bytes - spentBytes) : NONE;
    }
}
