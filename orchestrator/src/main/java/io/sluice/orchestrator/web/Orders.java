package io.sluice.orchestrator.web;

import io.sluice.agent.api.WorkerId;
import io.sluice.orchestrator.drain.DrainLimits;
import io.sluice.orchestrator.drain.DrainMode;
import io.sluice.orchestrator.drain.DrainOptions;
import io.sluice.orchestrator.drain.DrainOrder;
import io.sluice.orchestrator.migration.Steering;
import io.sluice.orchestrator.migration.Window;
import io.sluice.orchestrator.plan.Permission;
import io.sluice.orchestrator.problem.ProblemException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;

/** Operators' wishes, checked: what is wrong is answered with the field's name and what it takes. */
final class Orders {
    private static final int MAX_REASON = 500;

    private Orders() {}

    static DrainOrder order(WorkerId worker, DrainRequest wish, String actor, Instant now) {
        return new DrainOrder(
                worker,
                actor,
                reason(wish.reason()),
                wish.mode() == null ? DrainMode.MAINTENANCE : wish.mode(),
                limits(wish.limits(), now),
                options(wish));
    }

    private static DrainOptions options(DrainRequest wish) {
        Long retain = wish.retainSeconds();
        boolean keep = Boolean.TRUE.equals(wish.keepCopies());
        if (retain != null && (retain < 0 || retain > DrainOptions.LONGEST_RETENTION_SECONDS)) {
            throw invalid("retainSeconds is " + retain + ", not 0 to " + DrainOptions.LONGEST_RETENTION_SECONDS);
        }
        if (retain != null && keep) {
            throw invalid("retainSeconds says when copies are deleted and keepCopies that they are not");
        }
        return new DrainOptions(retain, keep);
    }

    static String reason(@Nullable String reason) {
        String stripped = reason == null ? "" : reason.strip();
        if (stripped.length() > MAX_REASON) {
            throw invalid("reason has " + stripped.length() + " characters, at most " + MAX_REASON + " are kept");
        }
        return stripped;
    }

    static DrainLimits limits(LimitsView wish, Instant now) {
        Instant notBefore = instant(wish.notBefore(), now);
        Instant deadline = instant(wish.deadline(), now);
        if (deadline != null && notBefore != null && !notBefore.isBefore(deadline)) {
            throw invalid("deadline " + deadline + " is not after notBefore " + notBefore);
        }
        if (deadline != null && !deadline.isAfter(now)) {
            throw invalid("deadline " + deadline + " has passed; it is " + now);
        }
        return new DrainLimits(
                within(
                        "maxConcurrentPerSource",
                        wish.maxConcurrentPerSource(),
                        1,
                        DrainLimits.MAX_CONCURRENCY,
                        DrainLimits.DEFAULT_CONCURRENCY),
                within(
                        "maxConcurrentPerDestination",
                        wish.maxConcurrentPerDestination(),
                        1,
                        DrainLimits.MAX_CONCURRENCY,
                        DrainLimits.DEFAULT_CONCURRENCY),
                within("priority", wish.priority(), -DrainLimits.MAX_PRIORITY, DrainLimits.MAX_PRIORITY, 0),
                notBefore,
                windows(wish.windows()),
                deadline == null
                        ? null
                        : new Steering.Deadline(
                                deadline, Objects.requireNonNullElse(wish.deadlineMissed(), Steering.Missed.ALARM)),
                permission(wish.thirdParty()));
    }

    private static @Nullable Permission permission(LimitsView.@Nullable ThirdPartyView wish) {
        if (wish == null) {
            return null;
        }
        Integer volumes = wish.volumes();
        Long bytes = wish.bytes();
        if (volumes == null || bytes == null) {
            throw invalid("thirdParty." + (volumes == null ? "volumes" : "bytes")
                    + " is missing: a permission says how many volumes and how many bytes may be moved");
        }
        if (bytes < 1) {
            throw invalid("thirdParty.bytes is " + bytes + ", not 1 or more");
        }
        return new Permission(within("thirdParty.volumes", volumes, 1, DrainLimits.MOST_THIRD_PARTY_VOLUMES, 0), bytes);
    }

    private static @Nullable Instant instant(@Nullable Moment moment, Instant now) {
        return moment == null ? null : moment.from(now);
    }

    private static List<Window> windows(@Nullable List<String> wish) {
        if (wish == null) {
            return List.of();
        }
        if (wish.size() > DrainLimits.MAX_WINDOWS) {
            throw invalid("windows has " + wish.size() + " entries, at most " + DrainLimits.MAX_WINDOWS + " are kept");
        }
        List<Window> windows = new ArrayList<>();
        for (int i = 0; i < wish.size(); i++) {
            try {
                windows.add(Window.parse(String.valueOf(wish.get(i))));
            } catch (IllegalArgumentException e) {
                throw invalid("windows[" + i + "]: " + e.getMessage());
            }
        }
        return windows;
    }

    private static int within(String field, @Nullable Integer value, int least, int most, int otherwise) {
        if (value == null) {
            return otherwise;
        }
        if (value < least || value > most) {
            throw invalid(field + " is " + value + ", not " + least + " to " + most);
        }
        return value;
    }

    static ProblemException invalid(String detail) {
        return new ProblemException(
                HttpStatus.UNPROCESSABLE_CONTENT,
                "INVALID_REQUEST",
                detail,
                "Correct the field named, or leave it out.");
    }
}
