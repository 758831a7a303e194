package io.sluice.orchestrator.migration;

import io.sluice.agent.api.FailureKind;
import io.sluice.agent.api.FailureReport;
import io.sluice.orchestrator.migration.MigrationState.ForwardOnly;
import io.sluice.orchestrator.migration.MigrationState.Reversible;
import io.sluice.orchestrator.migration.MigrationState.Terminal;
import io.sluice.orchestrator.migration.Observation.Contact;
import io.sluice.orchestrator.migration.Step.Enter;
import io.sluice.orchestrator.migration.Step.Wait;
import io.sluice.orchestrator.reason.Reason;
import io.sluice.orchestrator.reason.ReasonCode;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a migration does next: the whole life of a migration as one pure function of where it stands and what was observed.
 * It never skips a state, so that each state is committed before a host is told of it.
 */
public final class MigrationMachine {
    private MigrationMachine() {}

    public static Step next(Migration migration, Observation observed) {
        return switch (migration.state()) {
            case Reversible reversible -> {
                Reason givenUp = whyGiveUp(reversible, migration, observed);
                yield givenUp == null
                        ? reversible(reversible, migration, observed)
                        : new Enter(abort(reversible), givenUp);
            }
            case ForwardOnly forward -> forward(forward, migration, observed);
            case Terminal.DONE, Terminal.ABORTED -> new Step.Rest();
        };
    }

    /** Giving up takes a reversible state by its type: past Starting there is no such call. */
    static MigrationState abort(Reversible state) {
        return switch (state) {
            // No host was told of it, so no host has anything to undo.
            case PLANNED -> Terminal.ABORTED;
            case PREPARING, READY, STOPPING, CLONING, ABORTING -> Reversible.ABORTING;
        };
    }

    private static Step reversible(Reversible state, Migration migration, Observation observed) {
        return switch (state) {
            case PLANNED -> planned(migration, observed);
            case PREPARING ->
                observed.destination().attached()
                        ? new Enter(Reversible.READY, null)
                        : Waiting.forDestination(
                                migration,
                                observed,
                                "creates the volumes and logs in to the exports",
                                ReasonCode.WAITING_FOR_DESTINATION);
            case READY -> ready(migration, observed);
            case STOPPING ->
                observed.source().frozen()
                        ? new Enter(Reversible.CLONING, null)
                        : Waiting.forSource(
                                migration,
                                observed,
                                "stops the workload and freezes its volumes",
                                ReasonCode.WORKLOAD_STOPPING);
            case CLONING ->
                observed.destination().cloned()
                        ? new Enter(ForwardOnly.STARTING, null)
                        : Waiting.forDestination(
                                migration, observed, "brings the clone devices up", ReasonCode.WAITING_FOR_DESTINATION);
            case ABORTING -> aborting(migration, observed);
        };
    }

    private static Step forward(ForwardOnly state, Migration migration, Observation observed) {
        return switch (state) {
            case STARTING ->
                observed.destination().running()
                        ? new Enter(ForwardOnly.HYDRATING, null)
                        : Waiting.forDestination(
                                migration, observed, "starts the workload", ReasonCode.WORKLOAD_STARTING);
            case HYDRATING -> hydrating(migration, observed);
            case SETTLING -> settling(migration, observed);
            case RELEASING ->
                observed.source().released() || observed.sourceWrittenOff()
                        ? new Enter(Terminal.DONE, null)
                        : Waiting.forSource(
                                migration,
                                observed,
                                "closes the exports and retires its copies",
                                ReasonCode.WAITING_FOR_SOURCE);
        };
    }

    private static Step planned(Migration migration, Observation observed) {
        if (observed.source().contact() == Contact.SILENT) {
            return Waiting.forSource(migration, observed, "reports", ReasonCode.WAITING_FOR_SOURCE);
        }
        if (observed.destination().contact() == Contact.SILENT) {
            return Waiting.forDestination(migration, observed, "reports", ReasonCode.WAITING_FOR_DESTINATION);
        }
        Reason begin = observed.clearance().begin();
        return begin == null ? new Enter(Reversible.PREPARING, null) : new Wait(begin);
    }

    /** A workload is stopped only while both hosts are there to take it through. */
    private static Step ready(Migration migration, Observation observed) {
        if (migration.intent() == Intent.HOLD) {
            return new Wait(ReasonCode.HELD_BY_OPERATOR.because(
                    "Held before its cutover; the workload runs on " + migration.source() + "."));
        }
        Reason cutover = observed.clearance().cutover();
        if (cutover != null) {
            return new Wait(cutover);
        }
        if (observed.source().contact() != Contact.CURRENT) {
            return Waiting.forSource(migration, observed, "reports", ReasonCode.WAITING_FOR_SOURCE);
        }
        if (!observed.destination().attached() || !observed.destination().connected()) {
            return Waiting.forDestination(
                    migration,
                    observed,
                    "confirms that it is logged in to the exports",
                    ReasonCode.WAITING_FOR_DESTINATION);
        }
        return new Enter(Reversible.STOPPING, null);
    }

    /** Whoever was written off is not waited for: what it still holds is remembered, and cleared away if it comes back. */
    private static Step aborting(Migration migration, Observation observed) {
        if (!observed.source().restored() && !observed.sourceWrittenOff()) {
            return Waiting.forSource(migration, observed, "gets its workload back", ReasonCode.WAITING_FOR_SOURCE);
        }
        return observed.destination().discarded() || observed.destinationWrittenOff()
                ? new Enter(Terminal.ABORTED, migration.position().cause())
                : Waiting.forDestination(
                        migration, observed, "deletes what was made there", ReasonCode.WAITING_FOR_DESTINATION);
    }

    private static Step hydrating(Migration migration, Observation observed) {
        if (observed.destination().hydrated()) {
            return new Enter(ForwardOnly.SETTLING, null);
        }
        if (observed.destination().contact() == Contact.CURRENT
                && !observed.destination().connected()) {
            return Waiting.forSession(migration, observed);
        }
        return Waiting.forDestination(migration, observed, "copies the rest of its bytes", ReasonCode.HYDRATING);
    }

    private static Step settling(Migration migration, Observation observed) {
        if (observed.destination().mismatchedRegions() > 0) {
            return new Wait(ReasonCode.VERIFICATION_MISMATCH.because(
                    observed.destination().mismatchedRegions() + " regions on " + migration.destination()
                            + " differ from what " + migration.source() + " sent; both copies are kept."));
        }
        return observed.destination().settled()
                ? new Enter(ForwardOnly.RELEASING, null)
                : Waiting.forDestination(
                        migration,
                        observed,
                        "verifies the copy and replaces the clone devices",
                        ReasonCode.WAITING_FOR_DESTINATION);
    }

    private static @Nullable Reason whyGiveUp(Reversible state, Migration migration, Observation observed) {
        if (state == Reversible.ABORTING) {
            return null;
        }
        if (migration.intent() == Intent.ABORT) {
            return ReasonCode.CANCELLED.because("Cancelled by the operator in " + state + ".");
        }
        if (observed.sourceWrittenOff()) {
            return ReasonCode.SOURCE_WRITTEN_OFF.because(
                    migration.source() + " was written off before anything ran on " + migration.destination() + ".");
        }
        if (observed.destinationWrittenOff()) {
            return ReasonCode.DESTINATION_WRITTEN_OFF.because(
                    migration.destination() + " was written off before anything ran there.");
        }
        if (!observed.clearance().destinationOpen() && !state.inCutover()) {
            return ReasonCode.DESTINATION_WITHDRAWN.because(
                    migration.destination() + " was cordoned or is being drained, so nothing may land there.");
        }
        return failures(observed)
                .filter(failure -> failure.kind() == FailureKind.ABORT && failure.migration() != null)
                .findFirst()
                .map(failure -> Waiting.failed(failure))
                .orElse(null);
    }

    private static Stream<FailureReport> failures(Observation observed) {
        return Stream.concat(observed.source().failures().stream(), observed.destination().failures().stream());
    }
}
