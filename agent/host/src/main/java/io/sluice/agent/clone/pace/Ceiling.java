package io.sluice.agent.clone.pace;

/**
 * Keeps copying to a rate, of which dm-clone knows nothing: what was copied too much is made up for by pausing for a tick. That
 * pauses stay few, less is kept in flight where that copies more than twice the rate.
 *
 * @param mostRegions in flight at once because of the ceiling
 * @param creditBytes what may be copied until a pause is due; below 0 it is
 * @param calm ticks since the rate was last too high
 * @param widenAfter ticks of calm before more in flight is tried; doubles each time that was too much
 */
public record Ceiling(int mostRegions, long creditBytes, int calm, int widenAfter) {
    static final Ceiling OPEN = new Ceiling(Integer.MAX_VALUE, 0, 0, 4);

    private static final int LAST_WIDEN_AFTER = 4096;

    /** @param threshold in force during the tick; after a pause the rate says nothing about it */
    Ceiling after(long copiedBytes, int threshold, long limitBytesPerSecond) {
        long credit = Math.clamp(
                creditBytes + limitBytesPerSecond - copiedBytes, -10 * limitBytesPerSecond, limitBytesPerSecond);
        if (threshold == 0) {
            return new Ceiling(mostRegions, credit, calm, widenAfter);
        }
        if (copiedBytes > 2 * limitBytesPerSecond) {
            int fits = (int) Math.max(1, threshold * (limitBytesPerSecond + limitBytesPerSecond / 2) / copiedBytes);
            int patience = mostRegions == Integer.MAX_VALUE ? widenAfter : Math.min(widenAfter * 2, LAST_WIDEN_AFTER);
            return new Ceiling(Math.min(fits, mostRegions), credit, 0, patience);
        }
        boolean slow = copiedBytes < limitBytesPerSecond && threshold == mostRegions;
        if (slow && calm + 1 >= widenAfter) {
            return new Ceiling(mostRegions + Math.max(1, mostRegions / 8), credit, 1, widenAfter);
        }
        return new Ceiling(mostRegions, credit, calm + 1, widenAfter);
    }

    boolean pauseDue() {
        return creditBytes < 0;
    }
}
