package io.sluice.orchestrator.simulation;

import java.util.function.Supplier;

/** An invariant does not hold. */
final class Breach extends AssertionError {
    private static final long serialVersionUID = 1L;

    Breach(int invariant, String message) {
        super("invariant " + invariant + ": " + message);
    }

    static void unless(boolean holds, int invariant, Supplier<String> otherwise) {
        if (!holds) {
            throw new Breach(invariant, otherwise.get());
        }
    }
}
