package io.sluice.orchestrator.drain;

import io.sluice.orchestrator.migration.Migration;
import io.sluice.orchestrator.migration.Position;
import io.sluice.orchestrator.migration.Steering;
import io.sluice.orchestrator.reason.Reason;
import io.sluice.orchestrator.reason.ReasonCode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One thing that a drain, or some of its migrations, wait for or are late by. Pure.
 *
 * @param since null when it is not known since when
 * @param migrations how many wait for it; 0 when it concerns the drain as a whole
 */
public record HoldUp(Reason reason, @Nullable Instant since, int migrations) {

    static List<HoldUp> of(Drain drain, List<MigrationRecord> moving, Estimate estimate, Instant now) {
        if (!drain.open()) {
            return List.of();
        }
        Map<String, HoldUp> byCode = new LinkedHashMap<>();
        if (drain.moving()) {
            ofTheDrain(drain, moving, estimate, now)
                    .forEach(holdUp -> byCode.put(holdUp.reason().code(), holdUp));
        }
        moving.stream()
                .map(MigrationRecord::migration)
                .filter(Migration::live)
                .map(Migration::position)
                .forEach(position -> add(byCode, position));
        return List.copyOf(byCode.values());
    }

    private static void add(Map<String, HoldUp> byCode, Position position) {
        Reason reason = position.reason();
        if (reason != null && !reason.is(ReasonCode.HYDRATING)) {
            byCode.merge(reason.code(), new HoldUp(reason, position.reasonSince(), 1), HoldUp::and);
        }
    }

    /** The words of the first, the time of the one that has waited longest. */
    private HoldUp and(HoldUp other) {
        Instant longest = since == null || other.since == null
                ? Objects.requireNonNullElse(since, Objects.requireNonNullElse(other.since, Instant.MAX))
                : since.isBefore(other.since) ? since : other.since;
        return new HoldUp(reason, longest.equals(Instant.MAX) ? null : longest, migrations + other.migrations);
    }

    private static List<HoldUp> ofTheDrain(Drain drain, List<MigrationRecord> moving, Estimate estimate, Instant now) {
        Steering steering = drain.steering();
        List<HoldUp> found = new ArrayList<>();
        Reason begin = steering.mayBegin(now);
        Reason cutover = begin == null ? steering.mayCutOver(now) : null;
        if (begin != null) {
            found.add(new HoldUp(begin, since(drain, begin), 0));
        } else if (cutover != null && moving.stream().anyMatch(HoldUp::hasToCutOver)) {
            found.add(new HoldUp(cutover, null, 0));
        }
        Steering.Deadline deadline = steering.deadline();
        if (deadline != null && steering.late(now) && deadline.missed() == Steering.Missed.ALARM) {
            found.add(new HoldUp(
                    ReasonCode.DRAIN_LATE.because("The drain should have been through at " + deadline.at() + "."),
                    deadline.at(),
                    0));
        } else if (deadline != null && begin == null && atRisk(deadline, estimate, now)) {
            found.add(new HoldUp(
                    ReasonCode.DEADLINE_AT_RISK.because(
                            "At the worst of the observed rates the drain is not through at " + deadline.at() + "."),
                    null,
                    0));
        }
        found.sort(Comparator.comparing((HoldUp holdUp) -> holdUp.reason().code()));
        return found;
    }

    private static boolean atRisk(Steering.Deadline deadline, Estimate estimate, Instant now) {
        Long most = estimate.maxSeconds();
        return most != null && now.plusSeconds(most).isAfter(deadline.at());
    }

    private static boolean hasToCutOver(MigrationRecord record) {
        return DrainStatus.beforeCutover(record.state());
    }

    private static @Nullable Instant since(Drain drain, Reason reason) {
        if (reason.is(ReasonCode.DRAIN_PAUSED)) {
            return drain.pausedAt();
        }
        Steering.Deadline deadline = drain.order().limits().deadline();
        return reason.is(ReasonCode.DRAIN_DEADLINE_PASSED) && deadline != null ? deadline.at() : drain.createdAt();
    }
}
