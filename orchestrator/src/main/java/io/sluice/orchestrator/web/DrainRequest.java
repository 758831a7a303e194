package io.sluice.orchestrator.web;

import io.sluice.orchestrator.drain.DrainMode;
import io.sluice.orchestrator.migration.Steering;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Body of {@code POST /api/v1/workers/{id}/drain}; everything may be left out. The limits are those of {@link LimitsView}.
 *
 * @param reason for people; at most 500 characters
 * @param mode MAINTENANCE: the worker comes back. DECOMMISSION: it does not. MAINTENANCE if left out
 * @param retainSeconds how long the copies that stay on the worker are kept, up to ten years; as the server is configured if left
 *     out
 * @param keepCopies whether they are kept until somebody asks for their deletion; not if left out
 */
public record DrainRequest(
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

    /** With every default. */
    public static DrainRequest because(@Nullable String reason) {
        return new DrainRequest(reason, null, null, null, null, null, null, null, null, null, null, null);
    }

    LimitsView limits() {
        return new LimitsView(
                maxConcurrentPerSource,
                maxConcurrentPerDestination,
                priority,
                notBefore,
                windows,
                deadline,
                deadlineMissed,
                thirdParty);
    }
}
