package io.sluice.orchestrator.simulation;

import io.sluice.orchestrator.migration.Intent;
import io.sluice.orchestrator.migration.MigrationState;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One fault at one point, or at all of a kind; everything else works. Counts the points, so that each can be tried. */
final class Script implements Chaos {
    /** Where faults can be put. */
    enum Point {
        MESSAGE,
        TRANSACTION,
        ACTION
    }

    /** Stands for every point of the kind. */
    static final int EVERY = -1;

    /** What only reads has nothing that could be half done. */
    private static final Set<String> WRITING =
            Set.of("commit", "note", "begin", "again", "take", "requestCancel", "close", "evacuated", "drained");

    private final @Nullable Point point;
    private final int at;
    private final @Nullable Fault fault;
    private final @Nullable MigrationState abortedIn;
    private final Map<Point, Integer> seen = new EnumMap<>(Point.class);
    private boolean aborted;

    private Script(@Nullable Point point, int at, @Nullable Fault fault, @Nullable MigrationState abortedIn) {
        this.point = point;
        this.at = at;
        this.fault = fault;
        this.abortedIn = abortedIn;
    }

    static Script undisturbed() {
        return new Script(null, 0, null, null);
    }

    static Script of(Point point, int at, Fault fault) {
        return new Script(point, at, fault, null);
    }

    /** The first migration to enter the state is given up there, beside whatever else goes wrong. */
    Script abortingIn(MigrationState state) {
        return new Script(point, at, fault, state);
    }

    /** How many points of that kind there were. */
    int points(Point kind) {
        return seen.getOrDefault(kind, 0);
    }

    @Override
    public @Nullable Fault message(String what) {
        if (!what.equals("notification")) {
            return next(Point.MESSAGE);
        }
        return next(Point.MESSAGE) == Fault.CALL_LOST ? Fault.NOTIFICATION_LOST : null;
    }

    @Override
    public @Nullable Fault transaction(String what) {
        return WRITING.contains(what) ? next(Point.TRANSACTION) : null;
    }

    @Override
    public @Nullable Fault action(String what) {
        return what.equals("begins") ? null : next(Point.ACTION);
    }

    private @Nullable Fault next(Point kind) {
        int here = points(kind);
        seen.put(kind, here + 1);
        return kind == point && (at == EVERY || at == here) ? fault : null;
    }

    @Override
    public @Nullable Intent entered(MigrationState state) {
        if (state.equals(abortedIn) && !aborted) {
            aborted = true;
            return Intent.ABORT;
        }
        return null;
    }
}
