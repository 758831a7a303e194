package io.sluice.orchestrator.drain;

import io.sluice.orchestrator.migration.Steering;
import io.sluice.orchestrator.migration.Window;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a drain keeps to; an operator may change it while it runs.
 *
 * @param perSource migrations under way from the worker at once
 * @param perDestination migrations under way to any one worker at once
 * @param priority where drains compete for room, the higher one begins first
 * @param notBefore nothing begins earlier; null is at once
 * @param windows cutovers begin only while one of them is open; none is at any time
 * @param deadline null is none
 */
public record DrainLimits(
        int perSource,
        int perDestination,
        int priority,
        @Nullable Instant notBefore,
        List<Window> windows,
        Steering.@Nullable Deadline deadline) {
    /** Two at once keep a link busy while one of them is between two steps, and leave few workloads depending on two hosts. */
    public static final int DEFAULT_CONCURRENCY = 2;

    public static final int MAX_CONCURRENCY = 64;

    /** Of either sign; 0 is the ordinary. */
    public static final int MAX_PRIORITY = 100;

    /** A day is covered by fewer; each is computed at each look. */
    public static final int MAX_WINDOWS = 16;

    public static final DrainLimits DEFAULT =
            new DrainLimits(DEFAULT_CONCURRENCY, DEFAULT_CONCURRENCY, 0, null, List.of(), null);

    public DrainLimits {
        windows = List.copyOf(windows);
    }

    /** As the machine sees it, without the other drains. */
    public Steering steering(boolean paused) {
        return new Steering(paused, notBefore, windows, deadline, priority, Map.of());
    }
}
