package io.sluice.agent.reconcile;

import io.sluice.agent.api.FailureKind;
import io.sluice.agent.api.FailureReport;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** What fails or is refused in each lane and track: since when, how often, and when it is tried again. */
final class Failures {
    /** Short, since a first attempt often only meets the other host a moment too early. */
    static final Duration FIRST_RETRY = Duration.ofMillis(100);

    /** Bounds the wait after whatever cured it, and the load of what stays broken. */
    static final Duration SLOWEST_RETRY = Duration.ofSeconds(30);

    private static final int DOUBLINGS = 9;

    private record Failing(
            HostAction action,
            String code,
            FailureKind kind,
            String message,
            Instant since,
            int attempts,
            Instant next) {
        boolean concerns(HostAction planned) {
            return planned instanceof HostAction.Refuse refuse
                    ? refuse.code().equals(code)
                    : planned.getClass() == action.getClass();
        }
    }

    private final Map<Lane, Failing> failing = new LinkedHashMap<>();
    private final RandomGenerator jitter;

    Failures(RandomGenerator jitter) {
        this.jitter = jitter;
    }

    void succeeded(HostAction action) {
        failing.remove(action.lane());
    }

    void failed(HostAction action, HostActionException failure, Instant now) {
        Failing before = failing.get(action.lane());
        if (before != null && !before.concerns(action)) {
            before = null;
        }
        int attempts = before == null ? 1 : before.attempts() + 1;
        failing.put(
                action.lane(),
                new Failing(
                        action,
                        failure.code(),
                        failure.kind(),
                        String.valueOf(failure.getMessage()),
                        before == null ? now : before.since(),
                        attempts,
                        now.plus(backoff(failure.kind(), attempts))));
    }

    void refused(HostAction.Refuse refusal, Instant now) {
        Failing before = failing.get(refusal.lane());
        Instant since = before == null || !before.concerns(refusal) ? now : before.since();
        failing.put(
                refusal.lane(),
                new Failing(refusal, refusal.code(), refusal.kind(), refusal.message(), since, 1, Instant.MAX));
    }

    /** Forgets what the present plan does not meet any more: another action stands first there now, or none. */
    void keepOnly(List<HostAction> firsts) {
        Map<Lane, HostAction> planned = new LinkedHashMap<>();
        firsts.forEach(action -> planned.put(action.lane(), action));
        failing.entrySet().removeIf(entry -> {
            HostAction first = planned.get(entry.getKey());
            return first == null || !entry.getValue().concerns(first);
        });
    }

    boolean mayRun(HostAction action, Instant now) {
        Failing before = failing.get(action.lane());
        return before == null || !before.concerns(action) || !before.next().isAfter(now);
    }

    /** When the next attempt is due; null when none is. */
    @Nullable
    Instant due() {
        return failing.values().stream()
                .map(Failing::next)
                .filter(next -> next.isBefore(Instant.MAX))
                .min(Instant::compareTo)
                .orElse(null);
    }

    List<FailureReport> report(Instant now) {
        return failing.values().stream()
                .map(f -> new FailureReport(
                        f.action().lane().migration(),
                        f.code(),
                        f.message(),
                        f.kind(),
                        Math.max(0, Duration.between(f.since(), now).toSeconds()),
                        f.attempts()))
                .toList();
    }

    private Duration backoff(FailureKind kind, int attempts) {
        Duration full = switch (kind) {
            case RETRY -> {
                Duration doubled = FIRST_RETRY.multipliedBy(1L << Math.min(attempts - 1, DOUBLINGS));
                yield doubled.compareTo(SLOWEST_RETRY) > 0 ? SLOWEST_RETRY : doubled;
            }
            case CAPACITY, OPERATOR, ABORT -> SLOWEST_RETRY;
        };
        return full.multipliedBy(75 + jitter.nextInt(26)).dividedBy(100);
    }
}
