package io.sluice.agent.clone.pace;

/**
 * A level that rises soon when it must and falls late when it may. Each rise to a level that it had fallen from doubles the
 * time until it falls again: so a level that turns out to be needed is tried without ever more seldom, and nothing oscillates.
 *
 * @param hard ticks in a row in which the level was too low
 * @param easy ticks in a row in which a lower one might have done
 * @param fallAfter ticks of ease before it falls
 * @param fallenFrom the highest level it fell from; 0 if it never fell
 */
public record Ladder(int level, int hard, int easy, int fallAfter, int fallenFrom) {
    static final int FIRST_FALL_AFTER = 10;

    /** Over an hour: by then the guest may be another. */
    static final int LAST_FALL_AFTER = 5120;

    static final Ladder BOTTOM = new Ladder(0, 0, 0, FIRST_FALL_AFTER, 0);

    /** One more tick in which the level was too low; it rises after so many in a row, unless it is at the top. */
    Ladder pressed(int riseAfter, int top) {
        if (hard + 1 < riseAfter || level >= top) {
            return new Ladder(level, hard + 1, 0, fallAfter, fallenFrom);
        }
        boolean again = level + 1 <= fallenFrom;
        int patience = again ? Math.min(fallAfter * 2, LAST_FALL_AFTER) : fallAfter;
        return new Ladder(level + 1, 0, 0, patience, again ? level : fallenFrom);
    }

    /** One more tick of ease. */
    Ladder eased() {
        if (easy + 1 < fallAfter || level == 0) {
            return new Ladder(level, 0, easy + 1, fallAfter, fallenFrom);
        }
        return new Ladder(level - 1, 0, 0, fallAfter, Math.max(level, fallenFrom));
    }

    /** A tick in which the level was neither too low nor needlessly high. */
    Ladder steady() {
        return new Ladder(level, 0, 0, fallAfter, fallenFrom);
    }
}
