package io.sluice.agent.clone.pace;

import org.jspecify.annotations.Nullable;

/**
 * How to copy until the next tick, and what {@link HydrationController} remembers for that.
 *
 * @param threshold most regions copied at once
 * @param batch most neighbouring regions copied in one go; at most {@code threshold}
 * @param throttle of the guest; null is none
 * @param words for the operator: what is done and why
 */
public record HydrationPace(
        int threshold, int batch, @Nullable GuestThrottle throttle, String words, Memory memory) {

    /** Before the first tick. */
    public static final HydrationPace START =
            new HydrationPace(1, 1, null, "about to copy", new Memory(0, Ladder.BOTTOM, Ladder.BOTTOM, GuestLoad.NONE));

    /**
     * What the next decision rests on besides what is seen.
     *
     * @param bestBytesPerSecond the highest rate seen in any tick
     * @param raised steps by which more is kept in flight than an idle guest needs
     * @param throttled steps by which the guest is throttled
     * @param unthrottled what the guest did when it was throttled first
     */
    public record Memory(long bestBytesPerSecond, Ladder raised, Ladder throttled, GuestLoad unthrottled) {}
}
