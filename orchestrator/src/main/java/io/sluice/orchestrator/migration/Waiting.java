package io.sluice.orchestrator.migration;

import static java.util.stream.Collectors.joining;

import io.sluice.agent.api.AttachmentFailure;
import io.sluice.agent.api.FailureKind;
import io.sluice.agent.api.FailureReport;
import io.sluice.agent.api.MissingBytes;
import io.sluice.agent.api.WorkerId;
import io.sluice.orchestrator.migration.Observation.Contact;
import io.sluice.orchestrator.migration.Step.Wait;
import io.sluice.orchestrator.reason.Reason;
import io.sluice.orchestrator.reason.ReasonCode;
import java.util.List;

/**
 * Why a migration waits, in words. What is most specific is said first: a failure its agent named, then a host nobody hears
 * from, then a missed deadline, then what it waits for anyway. No message holds a number that changes from tick to tick.
 */
final class Waiting {
    private Waiting() {}

    static Wait forSource(Migration migration, Observation observed, String until, ReasonCode code) {
        Observation.Source source = observed.source();
        if (source.contact() == Contact.SILENT) {
            return new Wait(ReasonCode.SOURCE_NOT_REPORTING.because(silent("Source", migration.source())));
        }
        return of(migration, observed, source.failures(), code.because(until(migration.source(), until)));
    }

    static Wait forDestination(Migration migration, Observation observed, String until, ReasonCode code) {
        Observation.Destination destination = observed.destination();
        if (destination.contact() == Contact.SILENT) {
            return new Wait(
                    observed.destinationWrittenOff()
                            ? newestIsGone(migration)
                            : ReasonCode.DESTINATION_NOT_REPORTING.because(
                                    silent("Destination", migration.destination())));
        }
        return of(migration, observed, destination.failures(), code.because(until(migration.destination(), until)));
    }

    /** The clone runs but its source cannot be reached; where somebody must do something about that, it goes by what it is. */
    static Wait forSession(Migration migration, Observation observed) {
        List<AttachmentFailure> failures = observed.destination().sessionFailures();
        String words = migration.destination() + " has no session with the exports of " + migration.source()
                + " and keeps trying."
                + failures.stream().map(Waiting::lastAttempt).collect(joining())
                + observed.destination().missing().stream()
                        .map(missing -> " " + onlyThere(migration.source(), missing))
                        .collect(joining());
        Reason reason = failures.stream()
                .filter(failure -> failure.kind() == FailureKind.OPERATOR)
                .findFirst()
                .map(failure -> new Reason(failure.code(), words, remedy(failure.kind())))
                .orElseGet(() -> (observed.sourceWrittenOff()
                                ? ReasonCode.SOURCE_WRITTEN_OFF
                                : ReasonCode.SOURCE_UNREACHABLE)
                        .because(words));
        return of(migration, observed, observed.destination().failures(), reason);
    }

    /** Only past Starting: before it, whatever is on a destination is given up with it. */
    private static Reason newestIsGone(Migration migration) {
        return ReasonCode.DESTINATION_WRITTEN_OFF.because(
                migration.destination() + " was written off while it had the newest data of "
                        + migration.cargo().name() + "; " + migration.source()
                        + " keeps its copy as it was when the workload was stopped there.");
    }

    private static String lastAttempt(AttachmentFailure failure) {
        return " The last attempt ended with " + failure.code() + ": " + failure.message() + ".";
    }

    private static String onlyThere(WorkerId source, Observation.Missing missing) {
        MissingBytes bytes = missing.bytes();
        return "Of volume " + missing.volume() + " only " + source + " has " + bytes.bytes() + " bytes: "
                + bytes.ranges().stream()
                        .map(range -> range.offset() + "-" + (range.end() - 1))
                        .collect(joining(", "))
                + (bytes.furtherRanges() == 0 ? "." : ", and " + bytes.furtherRanges() + " further ranges.");
    }

    /** What an agent said of its own failure, passed through under its own code. */
    static Reason failed(FailureReport failure) {
        return new Reason(failure.code(), failure.message(), remedy(failure.kind()));
    }

    private static Wait of(Migration migration, Observation observed, List<FailureReport> failures, Reason reason) {
        if (!failures.isEmpty()) {
            return new Wait(failed(failures.getFirst()));
        }
        var deadline = migration.position().deadline();
        if (deadline != null && observed.now().isAfter(deadline)) {
            return new Wait(ReasonCode.DEADLINE_MISSED.because(
                    migration.state().title() + " should have ended at " + deadline + ". " + reason.message()));
        }
        return new Wait(reason);
    }

    private static String silent(String role, WorkerId worker) {
        return role + " " + worker + " has not reported lately.";
    }

    private static String until(WorkerId worker, String what) {
        return "Waits until " + worker + " " + what + ".";
    }

    private static String remedy(FailureKind kind) {
        return switch (kind) {
            case RETRY -> "Nothing to do unless it lasts: the agent tries again by itself.";
            case CAPACITY -> "Make room on the host named, or abort the migration; the agent goes on by itself.";
            case OPERATOR -> "Do what the message asks; the agent goes on by itself once it is done.";
            case ABORT -> ReasonCode.AGENT_GAVE_UP.remedy();
        };
    }
}
