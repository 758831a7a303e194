package io.sluice.orchestrator.drain;

import io.sluice.agent.api.MigrationId;
import io.sluice.orchestrator.drain.OperatorAction.By;
import io.sluice.orchestrator.drain.OperatorAction.Kind;
import io.sluice.orchestrator.fleet.DrainId;
import io.sluice.orchestrator.migration.Intent;
import io.sluice.orchestrator.migration.Migration;
import io.sluice.orchestrator.migration.MigrationState.ForwardOnly;
import io.sluice.orchestrator.migration.MigrationState.Reversible;
import io.sluice.orchestrator.migration.MigrationState.Terminal;
import io.sluice.orchestrator.reason.Reason;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Service;

/**
 * What operators do to drains and migrations under way. What is asked is written first, with who asked and why; then the drain is
 * taken as far as it goes now. Asking twice changes nothing the second time.
 */
@Service
public class DrainSteering {
    private static final Logger log = LoggerFactory.getLogger(DrainSteering.class);

    private final SteeringStore store;
    private final DrainReader reader;
    private final DrainService drains;

    DrainSteering(SteeringStore store, DrainReader reader, DrainService drains) {
        this.store = store;
        this.reader = reader;
        this.drains = drains;
    }

    /** What came of it. */
    public sealed interface Answer {
        record Done() implements Answer {}

        /** It cannot be done to this one; nothing was written. */
        record Refused(Reason why) implements Answer {}
    }

    /** Nothing new begins and nothing cuts over until {@link #resume}; what has cut over goes on to its end. */
    public Answer pause(DrainId id, By by) {
        return steer(id, Kind.PAUSE, by, store.pause(id, true));
    }

    /** Lets a paused drain go on. */
    public Answer resume(DrainId id, By by) {
        Drain drain = require(id);
        if (drain.pausedAt() == null
                && drain.moving()
                && DrainStatus.of(Objects.requireNonNull(reader.reading(id))).phase() == DrainStatus.Phase.PAUSED) {
            return new Answer.Refused(new Reason(
                    "DEADLINE_PASSED",
                    "drain '" + id + "' pauses because its deadline has passed",
                    "Give it another deadline, none, or deadlineMissed ALARM: PATCH /api/v1/drains/" + id));
        }
        return steer(id, Kind.RESUME, by, store.pause(id, false));
    }

    /** From now on it keeps to these limits; what has begun under others is not undone. */
    public Answer change(DrainId id, DrainLimits limits, By by) {
        return steer(id, Kind.CHANGE, by, store.change(id, limits));
    }

    private Answer steer(DrainId id, Kind kind, By by, boolean written) {
        Drain drain = require(id);
        if (!drain.moving()) {
            return new Answer.Refused(new Reason(
                    "DRAIN_ENDED",
                    "drain '" + id + "' " + (drain.open() ? "is being cancelled" : "has ended")
                            + "; there is nothing left to steer",
                    "Drain the worker again to begin anew: POST /api/v1/workers/" + drain.worker() + "/drain"));
        }
        if (written) {
            store.record(new OperatorAction(kind, id, null, by));
            log.info("drain steered drain={} action={} actor={}", id, kind, by.actor());
            drains.lookAfter(id);
        }
        return new Answer.Done();
    }

    /** Keeps a migration from its cutover. */
    public Answer hold(MigrationId id, By by) {
        return intend(id, Intent.HOLD, Kind.HOLD, by);
    }

    /** Lets a held migration go on. */
    public Answer proceed(MigrationId id, By by) {
        return intend(id, Intent.PROCEED, Kind.PROCEED, by);
    }

    /** Gives a migration up while that is possible; its drain leaves the cargo where it is until {@link #retry}. */
    public Answer abort(MigrationId id, By by) {
        return intend(id, Intent.ABORT, Kind.ABORT, by);
    }

    private Answer intend(MigrationId id, Intent intent, Kind kind, By by) {
        Migration migration = require(id);
        if (migration.intent() == intent && migration.live()) {
            return new Answer.Done();
        }
        Reason tooLate = tooLate(migration);
        if (tooLate == null && intent == Intent.HOLD && migration.state().inCutover()) {
            tooLate = new Reason(
                    "MIGRATION_IN_CUTOVER",
                    "migration '" + id + "' is in its cutover: its workload is down",
                    "Abort it to have the workload back on " + migration.source() + ", or let it go on.");
        }
        if (tooLate != null) {
            return new Answer.Refused(tooLate);
        }
        if (!store.intend(id, intent)) {
            Migration moved = require(id);
            return new Answer.Refused(Objects.requireNonNullElseGet(tooLate(moved), () -> changed(moved)));
        }
        store.record(new OperatorAction(kind, migration.drain(), id, by));
        log.info("migration steered migration={} action={} actor={}", id, kind, by.actor());
        drains.lookAfter(migration.drain());
        return new Answer.Done();
    }

    private static Reason changed(Migration migration) {
        return new Reason(
                "MIGRATION_MOVED",
                "migration '" + migration.id() + "' moved on at the same moment, to "
                        + migration.state().title(),
                "Look at it, then ask again.");
    }

    /** Why nothing can be asked of it any more; null while it has not cut over. */
    private static @Nullable Reason tooLate(Migration migration) {
        return switch (migration.state()) {
            case Reversible.ABORTING ->
                new Reason(
                        "MIGRATION_ABORTING",
                        "migration '" + migration.id() + "' is being given up already",
                        "Wait until it is Aborted; then retry it if its cargo shall move.");
            case Reversible reversible ->
                migration.intent() == Intent.ABORT
                        ? new Reason(
                                "MIGRATION_ABORTING",
                                "migration '" + migration.id() + "' is being given up already",
                                "Wait until it is Aborted; then retry it if its cargo shall move.")
                        : null;
            case ForwardOnly forward ->
                new Reason(
                        "MIGRATION_FORWARD_ONLY",
                        "migration '" + migration.id() + "' is " + forward.title()
                                + ": its workload was handed over to " + migration.destination()
                                + ", and there is no safe way back",
                        "Let it go on to its end; to move the workload on, drain " + migration.destination() + ".");
            case Terminal terminal ->
                new Reason(
                        "MIGRATION_ENDED",
                        "migration '" + migration.id() + "' is " + terminal.title(),
                        terminal == Terminal.ABORTED
                                ? "Retry it if its cargo shall move: POST /api/v1/migrations/" + migration.id()
                                        + "/retry"
                                : "Nothing to do.");
        };
    }

    /** Tries the cargo of a migration that was given up again, however often it failed before. */
    public Answer retry(MigrationId id, By by) {
        Migration migration = require(id);
        if (migration.state() != Terminal.ABORTED) {
            return new Answer.Refused(new Reason(
                    "MIGRATION_NOT_ABORTED",
                    "migration '" + id + "' is " + migration.state().title() + ", so there is nothing to try again",
                    migration.live()
                            ? "Its hosts try again by themselves; its reason says what they wait for."
                            : "Nothing to do."));
        }
        Drain drain = require(migration.drain());
        if (!drain.moving()) {
            return new Answer.Refused(new Reason(
                    "DRAIN_ENDED",
                    "drain '" + drain.id() + "' of migration '" + id + "' goes on no more",
                    "Drain the worker again: POST /api/v1/workers/" + drain.worker() + "/drain"));
        }
        store.forgive(drain.id(), migration.cargo().name());
        store.record(new OperatorAction(Kind.RETRY, drain.id(), id, by));
        log.info("migration steered migration={} action={} actor={}", id, Kind.RETRY, by.actor());
        drains.lookAfter(drain.id());
        return new Answer.Done();
    }

    /** What operators asked of a drain, newest first. */
    public List<OperatorAction.Recorded> actions(DrainId id, int limit) {
        return store.actions(id, limit);
    }

    private Drain require(DrainId id) {
        return Objects.requireNonNull(reader.drain(id), "drains are never deleted");
    }

    private Migration require(MigrationId id) {
        return Objects.requireNonNull(reader.migration(id), "migrations are never deleted")
                .migration();
    }
}
