package io.sluice.orchestrator.migration;

import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** Where a migration stands. The three kinds say which copy is the truth, and so what may still happen. */
public sealed interface MigrationState {
    /** The constant's name. */
    String name();

    /** As stored and shown: {@code Planned}, {@code Preparing} … */
    default String title() {
        return name().charAt(0) + name().substring(1).toLowerCase(Locale.ROOT);
    }

    /** {@code REVERSIBLE}, {@code FORWARD_ONLY} or {@code TERMINAL}. */
    String kind();

    /** Between the workload's stop on the source and its start on the destination. */
    default boolean inCutover() {
        return switch (this) {
            case Reversible.STOPPING, Reversible.CLONING, ForwardOnly.STARTING -> true;
            case Reversible.PLANNED, Reversible.PREPARING, Reversible.READY, Reversible.ABORTING -> false;
            case ForwardOnly.HYDRATING, ForwardOnly.SETTLING, ForwardOnly.RELEASING -> false;
            case Terminal.DONE, Terminal.ABORTED -> false;
        };
    }

    /** Whether its hosts are told of it: it has begun and has not ended. */
    default boolean holdsSlot() {
        return !(this instanceof Terminal) && this != Reversible.PLANNED;
    }

    /** Every state there is, in the order of a migration's life. */
    static List<MigrationState> all() {
        return Stream.<MigrationState[]>of(Reversible.values(), ForwardOnly.values(), Terminal.values())
                .flatMap(Stream::of)
                .toList();
    }

    static MigrationState of(String title) {
        return all().stream()
                .filter(state -> state.title().equals(title))
                .findFirst()
                .orElseThrow(
                        () -> new IllegalArgumentException("'" + title + "' is no state of a migration: " + all()));
    }

    /** The source's copy is the truth: the migration may be given up without losing a byte. */
    enum Reversible implements MigrationState {
        /** Waits for a slot; no host knows of it. */
        PLANNED,
        /** Export open while the workload runs; the destination creates volumes and logs in. */
        PREPARING,
        /** All slow things are done; waits until the cutover may begin. */
        READY,
        /** The source stops the workload and freezes its volumes. */
        STOPPING,
        /** The destination brings the clone devices up. */
        CLONING,
        /** Given up: the source gets its workload back, the destination deletes what it made. Leads to ABORTED alone. */
        ABORTING;

        @Override
        public String kind() {
            return "REVERSIBLE";
        }
    }

    /** The destination's copy is, or may be, newer: there is no way back. */
    enum ForwardOnly implements MigrationState {
        /** Committed before the destination may start the workload: from here the source holds old data. */
        STARTING,
        /** The workload runs; the rest of its bytes comes from the source in the background. */
        HYDRATING,
        /** All bytes are local: verify, replace clone devices by plain volumes, detach. */
        SETTLING,
        /** The source closes its exports and retires its copies. */
        RELEASING;

        @Override
        public String kind() {
            return "FORWARD_ONLY";
        }
    }

    /** Ended; no host holds anything because of it. */
    enum Terminal implements MigrationState {
        DONE,
        ABORTED;

        @Override
        public String kind() {
            return "TERMINAL";
        }
    }
}
