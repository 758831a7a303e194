package io.sluice.orchestrator.migration;

import io.sluice.agent.api.AttachmentFailure;
import io.sluice.agent.api.FailureReport;
import io.sluice.agent.api.MissingBytes;
import io.sluice.agent.api.VolumeId;
import java.time.Instant;
import java.util.List;

/**
 * What is known when a migration is decided, reduced to what decisions turn on. Made by {@link Observations}.
 *
 * @param now the store's time, read once for the whole tick
 * @param sourceWrittenOff an operator says that the source does not come back; it may report all the same
 * @param destinationWrittenOff the same of the destination
 */
public record Observation(
        Instant now,
        Source source,
        Destination destination,
        Clearance clearance,
        boolean sourceWrittenOff,
        boolean destinationWrittenOff) {

    /** What a host's latest report is worth for the migration's present state. */
    public enum Contact {
        /** It describes the host after it had taken up the spec committed with the state. */
        CURRENT,
        /** The host reports, but had not taken that spec up yet: it describes the past and says nothing. */
        BEHIND,
        /** No report, or none lately enough. */
        SILENT
    }

    /**
     * The source's side; every fact is false, and there are no failures, unless contact is {@link Contact#CURRENT}.
     *
     * @param frozen the workload is stopped and held, every volume frozen, read-only and exported so
     * @param released no export of the migration, its volumes' copies retired or gone, the declaration gone
     * @param restored no export of the migration, volumes owned and writable, the workload running if it ran before
     */
    public record Source(
            Contact contact, boolean frozen, boolean released, boolean restored, List<FailureReport> failures) {
        public Source {
            failures = List.copyOf(failures);
        }
    }

    /**
     * The destination's side; every fact is false, and there are no failures, unless contact is {@link Contact#CURRENT}.
     *
     * @param attached every incoming volume is logged in to its export, or further
     * @param cloned every incoming volume has its clone device
     * @param running the workload runs there (or there is none) and owns its volumes under the migration's epoch
     * @param hydrated every region of every volume is local
     * @param settled every volume is plain, detached and verified without a mismatch
     * @param discarded nothing made for the migration is left
     * @param mismatchedRegions regions whose copy differs from what the source sent
     * @param connected false while a session with an export is broken
     * @param sessionFailures what bringing broken sessions back failed with, where the agent tells, each once
     * @param missing what only the source has, of the volumes whose agent can tell and whose source has been away for a while
     */
    public record Destination(
            Contact contact,
            boolean attached,
            boolean cloned,
            boolean running,
            boolean hydrated,
            boolean settled,
            boolean discarded,
            long mismatchedRegions,
            boolean connected,
            List<AttachmentFailure> sessionFailures,
            List<Missing> missing,
            List<FailureReport> failures) {
        public Destination {
            sessionFailures = List.copyOf(sessionFailures);
            missing = List.copyOf(missing);
            failures = List.copyOf(failures);
        }
    }

    /** Bytes of a volume that lie on its source alone. */
    public record Missing(VolumeId volume, MissingBytes bytes) {}
}
