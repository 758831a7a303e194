package io.sluice.agent.attach.kernel;

import java.time.Duration;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** How long a lost session has been left to the daemon alone. For one thread at a time. */
final class Patience {
    private final LongSupplier nanoTime;
    private @Nullable Long since;

    /** @param nanoTime as {@link System#nanoTime} */
    Patience(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** Since it was first seen lost, or the daemon last asked for; zero while it is not lost. */
    Duration spent(@Nullable Session found) {
        if (found == null || found.loggedIn()) {
            since = null;
            return Duration.ZERO;
        }
        long now = nanoTime.getAsLong();
        if (since == null) {
            since = now;
        }
        return Duration.ofNanos(now - since);
    }

    void beginAnew() {
        since = nanoTime.getAsLong();
    }
}
