package io.sluice.orchestrator.web;

import io.sluice.orchestrator.drain.DrainMode;
import io.sluice.orchestrator.migration.Steering;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Body of {@code POST /api/v1/drains}: which workers, by exactly one of {@code workers}, {@code selector} and {@code plan}. The
 * rest holds for each of them and is that of a {@link DrainRequest}; with a plan it is the plan's, and may not be given.
 *
 * @param workers ids
 * @param selector terms that must all hold, of labels, region, zone and rack: {@code rack=r07,kernel!=6.12,gpu}
 * @param plan id of a dry run that was made within a day: exactly that is done, or nothing
 */
public record DrainsRequest(
        @Nullable List<String> workers,
        @Nullable String selector,
        @Nullable String plan,
        @Nullable String reason,
        @Nullable DrainMode mode,
        @Nullable Integer maxConcurrentPerSource,
        @Nullable Integer maxConcurrentPerDestination,
        @Nullable Integer priority,
        @Nullable Moment notBefore,
        @Nullable List<String> windows,
        @Nullable Moment deadline,
        Steering.@Nullable Missed deadlineMissed,
        @Nullable Long retainSeconds,
        @Nullable Boolean keepCopies,
        LimitsView.@Nullable ThirdPartyView thirdParty) {

    /** Exactly what a dry run said. */
    public static DrainsRequest executing(String plan) {
        return new DrainsRequest(
                null, null, plan, null, null, null, null, null, null, null, null, null, null, null, null);
    }

    DrainRequest each() {
        return new DrainRequest(
                reason,
                mode,
                maxConcurrentPerSource,
                maxConcurrentPerDestination,
                priority,
                notBefore,
                windows,
                deadline,
                deadlineMissed,
                retainSeconds,
                keepCopies,
                thirdParty);
    }
}
