package io.sluice.orchestrator.alert;

import io.sluice.orchestrator.alert.Alarm.Kind;
import io.sluice.orchestrator.reason.ReasonCode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What is alarming: a pure function of what is read and of the policy. */
public final class Alarms {
    /** What does not pass by itself. Codes the orchestrator does not give are agents' failures: those do not either. */
    private static final Set<ReasonCode> LASTING = EnumSet.of(
            ReasonCode.SOURCE_NOT_REPORTING,
            ReasonCode.DESTINATION_NOT_REPORTING,
            ReasonCode.SOURCE_UNREACHABLE,
            ReasonCode.VERIFICATION_MISMATCH,
            ReasonCode.DEADLINE_MISSED);

    private Alarms() {}

    public static List<Alarm> of(Readings readings, AlarmPolicy policy) {
        List<Alarm> alarms = new ArrayList<>();
        for (Readings.OfMigration migration : readings.migrations()) {
            add(alarms, stuck(migration, readings.now(), policy));
            add(alarms, exposed(migration, readings.now(), policy));
        }
        readings.drains().forEach(drain -> add(alarms, late(drain, readings.now(), policy)));
        readings.workers().forEach(worker -> add(alarms, lost(worker, readings.now(), policy)));
        return alarms;
    }

    private static void add(List<Alarm> alarms, @Nullable Alarm alarm) {
        if (alarm != null) {
            alarms.add(alarm);
        }
    }

    private static @Nullable Alarm stuck(Readings.OfMigration migration, Instant now, AlarmPolicy policy) {
        boolean late = migration.deadline() != null && now.isAfter(migration.deadline());
        boolean waits = migration.reason() != null
                && lasts(migration.reason())
                && migration.reasonSince() != null
                && now.isAfter(migration.reasonSince().plus(policy.stuckAfter()));
        if (!late && !waits) {
            return null;
        }
        String why = migration.reason() == null ? "no reason noted" : migration.reason();
        return new Alarm(
                Kind.MIGRATION_STUCK,
                migration.id(),
                migration.cargo() + " from " + migration.source() + " to " + migration.destination() + " is stuck in "
                        + migration.state() + ": " + why + ".",
                "See what it waits for: sluice migrations show " + migration.id() + ".");
    }

    private static boolean lasts(String code) {
        Optional<ReasonCode> own = Arrays.stream(ReasonCode.values())
                .filter(reason -> reason.name().equals(code))
                .findFirst();
        return own.isEmpty() || LASTING.contains(own.get());
    }

    private static @Nullable Alarm exposed(Readings.OfMigration migration, Instant now, AlarmPolicy policy) {
        Instant since = migration.exposedSince();
        if (since == null || !now.isAfter(since.plus(policy.exposureAfter()))) {
            return null;
        }
        return new Alarm(
                Kind.EXPOSURE_TOO_LONG,
                migration.id(),
                migration.cargo() + " runs on " + migration.destination() + " since " + since + " and still needs "
                        + migration.source() + ".",
                "Raise the ceilings on its way, or see why copying is slow: sluice migrations show " + migration.id()
                        + ".");
    }

    /** Unknown is not zero: where it cannot be told when it will be through, only the margin counts. */
    private static @Nullable Alarm late(Readings.OfDrain drain, Instant now, AlarmPolicy policy) {
        String message = "Drain " + drain.id() + " of " + drain.worker();
        if (!now.isBefore(drain.deadline())) {
            return new Alarm(
                    Kind.DEADLINE_AT_RISK,
                    drain.id(),
                    message + " should have been through at " + drain.deadline() + ".",
                    "See what is left: sluice drains show " + drain.id() + ".");
        }
        Long left = drain.leftBytes();
        Long rate = drain.bytesPerSecond();
        boolean known = left != null && rate != null && rate > 0;
        boolean tooSlow = left != null
                && rate != null
                && rate > 0
                && now.plusSeconds(left / rate).isAfter(drain.deadline());
        boolean near = !known && now.plus(policy.deadlineMargin()).isAfter(drain.deadline());
        if (!tooSlow && !near) {
            return null;
        }
        return new Alarm(
                Kind.DEADLINE_AT_RISK,
                drain.id(),
                message + (tooSlow ? " copies too slowly to" : " cannot tell whether it will") + " be through at "
                        + drain.deadline() + ".",
                "Raise its limits or the ceilings on its way, or move its deadline: sluice drains show " + drain.id()
                        + ".");
    }

    private static @Nullable Alarm lost(Readings.OfWorker worker, Instant now, AlarmPolicy policy) {
        Instant seen = worker.lastSeen();
        if (seen == null || !now.isAfter(seen.plus(policy.lostAfter()))) {
            return null;
        }
        return new Alarm(
                Kind.WORKER_LOST,
                worker.id(),
                worker.id() + " has not reported since " + seen + ".",
                "Check that its agent runs and reaches the orchestrator (journal of sluice-agent there).");
    }
}
