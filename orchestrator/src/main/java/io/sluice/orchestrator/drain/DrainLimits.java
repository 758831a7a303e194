package io.sluice.orchestrator.drain;

import io.sluice.orchestrator.migration.Steering;
import io.sluice.orchestrator.migration.Steering.Deadline;
import io.sluice.orchestrator.migration.Window;
import io.sluice.orchestrator.plan.Permission;
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
 * @param thirdParty how much of what is on other workers it may move to make room; null while it was never permitted any, of nothing
 *     once that was taken back
 */
public record DrainLimits(
        int perSource,
        int perDestination,
        int priority,
        @Nullable Instant notBefore,
        List<Window> windows,
        @Nullable Deadline deadline,
        @Nullable Permission thirdParty) {
    /** Two at once keep a link busy while one of them is between two steps, and leave few workloads depending on two hosts. */
    public static final int DEFAULT_CONCURRENCY = 2;

    public static final int MAX_CONCURRENCY = 64;

    /** Of either sign; 0 is the ordinary. */
    public static final int MAX_PRIORITY = 100;

    /** A day is covered by fewer; each is computed at each look. */
    public static final int MAX_WINDOWS = 16;

    /** More is a plan for the fleet, not room for one drain. */
    public static final int MOST_THIRD_PARTY_VOLUMES = 1000;

    public static final DrainLimits DEFAULT =
            new DrainLimits(DEFAULT_CONCURRENCY, DEFAULT_CONCURRENCY, 0, null, List.of(), null);

    public DrainLimits {
        windows = List.copyOf(windows);
    }

    /** Moving nothing of others. */
    @SuppressWarnings("NullAway")
    public DrainLimits(
            int perSource,
            int perDestination,
            int priority,
            @Nullable Instant notBefore,
            List<Window> windows,
            @Nullable Deadline deadline) {
        this(perSource, perDestination, priority, notBefore, windows, deadline, null);
    }

    public Permission permission() {
        return thirdParty == null ? Permission.NONE : thirdParty;
    }

    /** As they are kept once they are changed to others: that others' things may have been moved is not forgotten. */
    public DrainLimits changedTo(DrainLimits next) {
        return thirdParty == null || next.thirdParty != null
                ? next
                : new DrainLimits(
                        next.perSource,
                        next.perDestination,
                        next.priority,
                        next.notBefore,
                        next.windows,
                        next.deadline,
                        Permission.NONE);
    }

    /** As the machine sees it, without the other drains. */
    public Steering steering(boolean paused) {
        return new Steering(paused, notBefore, windows, deadline, priority, Map.of());
    }
}
