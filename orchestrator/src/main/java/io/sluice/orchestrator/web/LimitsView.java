package io.sluice.orchestrator.web;

import io.sluice.orchestrator.drain.DrainLimits;
import io.sluice.orchestrator.migration.Steering;
import io.sluice.orchestrator.migration.Window;
import io.sluice.orchestrator.plan.Permission;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a drain keeps to, as shown, and as the body of {@code PATCH /api/v1/drains/{id}}: there a field that is left out stays as
 * it is, and null puts it back to its default.
 *
 * @param maxConcurrentPerSource migrations under way from the worker at once, 1 to 64; 2 if left out
 * @param maxConcurrentPerDestination migrations under way to any one destination at once, 1 to 64; 2 if left out
 * @param priority -100 to 100; where drains compete for room, the higher one begins first; 0 if left out
 * @param notBefore nothing begins earlier; at once if left out
 * @param windows cutovers begin only while one of these is open, daily: {@code 22:00-04:00 Europe/Berlin}; at most 16; any time
 *     if left out
 * @param deadline when the worker should be drained; none if left out
 * @param deadlineMissed what happens when the deadline passes: PAUSE begins nothing new, ALARM goes on and says so; ALARM if left
 *     out
 * @param thirdParty how much of what is on other workers may be moved to make room for what finds no place; nothing if left out
 */
public record LimitsView(
        @Nullable Integer maxConcurrentPerSource,
        @Nullable Integer maxConcurrentPerDestination,
        @Nullable Integer priority,
        @Nullable Moment notBefore,
        @Nullable List<String> windows,
        @Nullable Moment deadline,
        Steering.@Nullable Missed deadlineMissed,
        @Nullable ThirdPartyView thirdParty) {

    /**
     * A permission for third-party moves. Their sources keep no copy.
     *
     * @param volumes so many volumes at most, 1 to 1000
     * @param bytes their sizes together at most, from 1
     */
    public record ThirdPartyView(
            @Nullable Integer volumes, @Nullable Long bytes) {
        static @Nullable ThirdPartyView of(Permission permission) {
            return permission.allowsNothing() ? null : new ThirdPartyView(permission.volumes(), permission.bytes());
        }
    }

    static LimitsView of(DrainLimits limits) {
        Steering.Deadline deadline = limits.deadline();
        return new LimitsView(
                limits.perSource(),
                limits.perDestination(),
                limits.priority(),
                at(limits.notBefore()),
                limits.windows().stream().map(Window::toString).toList(),
                deadline == null ? null : at(deadline.at()),
                deadline == null ? null : deadline.missed(),
                ThirdPartyView.of(limits.permission()));
    }

    private static @Nullable Moment at(@Nullable Instant instant) {
        return instant == null ? null : new Moment.At(instant);
    }
}
