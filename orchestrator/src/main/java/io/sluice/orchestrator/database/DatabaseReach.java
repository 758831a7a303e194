package io.sluice.orchestrator.database;

import io.sluice.orchestrator.problem.DatabaseUnreachable;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Whether this replica reaches the database, as {@link DatabaseWatch} saw last. Without it nothing can be decided, so nobody is kept
 * waiting: calls are refused at once, and agents turn to another replica.
 */
@Component
public class DatabaseReach {
    private volatile @Nullable Outage outage;

    /**
     * The database cannot be reached.
     *
     * @param reason in words, without addresses: it is told to whoever asks for this replica's health
     * @param sinceNanos by this process's own monotonic clock
     */
    public record Outage(String reason, long sinceNanos) {
        Duration lasted() {
            return Duration.ofNanos(System.nanoTime() - sinceNanos);
        }
    }

    /** Published when the database is lost, and again when it is back. */
    public record Changed(boolean reached) {}

    /** Null while it is reached. */
    public @Nullable Outage outage() {
        return outage;
    }

    public boolean reached() {
        return outage == null;
    }

    /** Throws the problem to answer with when it is not reached. */
    public void require() {
        Outage now = outage;
        if (now != null) {
            throw DatabaseUnreachable.exception(now.reason());
        }
    }

    /** Whether that is a change. */
    boolean seen(@Nullable String reason) {
        Outage before = outage;
        if (reason == null) {
            outage = null;
            return before != null;
        }
        outage = new Outage(reason, before == null ? System.nanoTime() : before.sinceNanos());
        return before == null;
    }
}
