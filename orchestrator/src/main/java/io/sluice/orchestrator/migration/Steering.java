package io.sluice.orchestrator.migration;

import io.sluice.orchestrator.fleet.DrainId;
import io.sluice.orchestrator.reason.Reason;
import io.sluice.orchestrator.reason.ReasonCode;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What operators ask of a migration's drain, as far as its next step depends on it. A pure function of the store's time:
 * nothing has to be written when a window opens or a deadline passes.
 *
 * @param paused whether an operator paused the drain
 * @param notBefore nothing begins earlier; null is at once
 * @param windows a cutover begins only while one of them is open; none is at any time
 * @param deadline when all should be done; null is no such time
 * @param priority drains of a higher one begin first where both wait for the same room
 * @param priorities of the drains of other migrations; what is not named has 0
 */
public record Steering(
        boolean paused,
        @Nullable Instant notBefore,
        List<Window> windows,
        @Nullable Deadline deadline,
        int priority,
        Map<DrainId, Integer> priorities) {

    /** Go on, at any time. */
    public static final Steering NONE = new Steering(false, null, List.of(), null, 0, Map.of());

    /** When a drain should be through, and what happens if it is not. */
    public record Deadline(Instant at, Missed missed) {}

    /** What a missed deadline does. */
    public enum Missed {
        /** Nothing new begins and nothing cuts over any more, until an operator says so. */
        PAUSE,
        /** It goes on, and everything that shows it says that it is late. */
        ALARM
    }

    public Steering {
        windows = List.copyOf(windows);
        priorities = Map.copyOf(priorities);
    }

    public Steering withPriorities(Map<DrainId, Integer> others) {
        return new Steering(paused, notBefore, windows, deadline, priority, others);
    }

    int priorityOf(DrainId drain) {
        return priorities.getOrDefault(drain, 0);
    }

    /** Why nothing of this drain may begin now; null when it may. */
    public @Nullable Reason mayBegin(Instant now) {
        if (paused) {
            return ReasonCode.DRAIN_PAUSED.because("An operator paused the drain.");
        }
        if (notBefore != null && now.isBefore(notBefore)) {
            return ReasonCode.DRAIN_NOT_YET.because("The drain begins at " + notBefore + ", not earlier.");
        }
        if (deadline != null && late(now) && deadline.missed() == Missed.PAUSE) {
            return ReasonCode.DRAIN_DEADLINE_PASSED.because(
                    "The drain should have been through at " + deadline.at() + " and pauses since then.");
        }
        return null;
    }

    /** Why no cutover of this drain may begin now; null when it may. */
    public @Nullable Reason mayCutOver(Instant now) {
        Reason begin = mayBegin(now);
        if (begin != null) {
            return begin;
        }
        Instant opens = opens(now);
        return opens == null || !opens.isAfter(now)
                ? null
                : ReasonCode.WINDOW_CLOSED.because(
                        "No window of the drain is open; the next one opens at " + opens + ".");
    }

    /** When a window is open next, {@code now} while one is; null without windows. */
    public @Nullable Instant opens(Instant now) {
        return windows.stream()
                .map(window -> window.opens(now))
                .min(Comparator.naturalOrder())
                .orElse(null);
    }

    /** Whether its deadline has passed. */
    public boolean late(Instant now) {
        return deadline != null && !now.isBefore(deadline.at());
    }
}
