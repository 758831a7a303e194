package io.sluice.orchestrator.plan;

import java.util.Collections;
import java.util.List;

/** A fixed row of arbitrary numbers (splitmix64): the same seed throws the same, everywhere and for ever. */
final class Dice {
    private long state;

    Dice(long seed) {
        this.state = seed;
    }

    /** From 0 to {@code sides - 1}. */
    int roll(int sides) {
        state += 0x9E3779B97F4A7C15L;
        long mixed = state;
        mixed = (mixed ^ (mixed >>> 30)) * 0xBF58476D1CE4E5B9L;
        mixed = (mixed ^ (mixed >>> 27)) * 0x94D049BB133111EBL;
        return (int) Math.floorMod(mixed ^ (mixed >>> 31), (long) sides);
    }

    void shuffle(List<?> list) {
        for (int i = list.size() - 1; i > 0; i--) {
            Collections.swap(list, i, roll(i + 1));
        }
    }
}
