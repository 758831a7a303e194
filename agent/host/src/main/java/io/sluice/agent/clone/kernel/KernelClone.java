package io.sluice.agent.clone.kernel;

import io.sluice.agent.api.CloneEngine;
import io.sluice.agent.api.FailureKind;
import io.sluice.agent.api.HydrationOrder;
import io.sluice.agent.api.HydrationReport;
import io.sluice.agent.api.IncomingStage;
import io.sluice.agent.api.MissingBytes;
import io.sluice.agent.api.VerificationReport;
import io.sluice.agent.attach.SourceCall;
import io.sluice.agent.attach.Sources.SourceSession;
import io.sluice.agent.clone.pace.HydrationPolicy;
import io.sluice.agent.devicemapper.CloneStatus;
import io.sluice.agent.devicemapper.DeviceName;
import io.sluice.agent.devicemapper.Status;
import io.sluice.agent.reconcile.CloneOrder;
import io.sluice.agent.reconcile.CloneProblem;
import io.sluice.agent.reconcile.CloneState;
import io.sluice.agent.reconcile.HostActionException;
import io.sluice.iscsi.block.BlockDeviceException;
import io.sluice.iscsi.block.Extent;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One incoming volume that the kernel clones. Actions and ticks come one at a time; it may be observed at any moment. */
final class KernelClone {
    private static final Logger log = LoggerFactory.getLogger(KernelClone.class);

    /** Longer than a session takes to come back after a short break, short enough for an abort to get its turn. */
    private static final Duration ANSWER_WITHIN = Duration.ofSeconds(15);

    /** Between attempts to open failed metadata again: their disk is seldom well sooner. */
    private static final Duration REOPEN_AFTER = Duration.ofSeconds(20);

    private final KernelParts parts;
    private final Media media;
    private final CloneRecords records;
    private final CloneOrder order;
    private final HydrationPolicy policy;
    private CloneRecord record;
    private final MissingWatch missing;
    /** Of one small read of the source; 0 until it was met. */
    private volatile long roundTripNanos;

    private @Nullable Pacing pacing;
    private @Nullable MissingBytes missingBytes;
    private @Nullable Instant reopened;
    private volatile boolean up;
    private volatile @Nullable HydrationOrder hydration;
    private volatile @Nullable HydrationReport progress;
    private volatile @Nullable CloneProblem problem;
    private volatile @Nullable VerificationReport verification;

    KernelClone(
            KernelParts parts,
            Media media,
            CloneRecords records,
            CloneOrder order,
            CloneRecord record,
            HydrationPolicy policy) {
        this.parts = parts;
        this.media = media;
        this.records = records;
        this.order = order;
        this.record = record;
        this.policy = policy;
        this.missing = new MissingWatch(media);
    }

    CloneState state() {
        return new CloneState(
                order.migration(),
                order.volume().volume(),
                up ? IncomingStage.CLONED : IncomingStage.ATTACHED,
                parts.attachments().report(order.volume().volume()),
                up ? progress : null,
                hydration,
                verification,
                problem);
    }

    /**
     * Logs in as {@link #raise} will: what is wrong with that is found while the workload runs, and what is slow the first time is
     * done.
     */
    void meetSource() {
        try {
            roundTripNanos = SourceCall.within(ANSWER_WITHIN, "what it is", () -> {
                try (SourceSession source = parts.sources().open(order.volume())) {
                    requireSame(source);
                    HoleRanges.of(
                            Math.min(record.sizeBytes(), record.regionBytes()), record.regionBytes(), source::extentAt);
                    return roundTripNanos(source);
                }
            });
        } catch (BlockDeviceException e) {
            throw new HostActionException(
                    "SOURCE_UNREACHABLE", FailureKind.RETRY, "volume " + record.volume() + ": " + e.getMessage(), e);
        }
    }

    /** The kernel's devices with their holes marked; only now is the source read: until here its workload may have been writing. */
    synchronized void raise() {
        CloneStack stack = stack();
        stack.raiseClone();
        if (record.holes() == null) {
            markHoles(stack);
        }
        stack.raiseEra();
        up = true;
        look();
    }

    private void markHoles(CloneStack stack) {
        CloneStatus.Working now = stack.requireWorking();
        if (now.hydrationOn() || now.hydratingRegions() != 0) {
            throw new HostActionException(
                    "CLONE_NOT_RAISED",
                    FailureKind.RETRY,
                    "volume " + record.volume() + " is being copied before its holes are marked: see who enabled it");
        }
        try {
            CloneRecord.Holes holes = SourceCall.within(ANSWER_WITHIN, "what it allocates", this::discardHoles);
            record = record.whenMarked(holes);
            records.write(record);
        } catch (BlockDeviceException e) {
            throw new HostActionException(
                    "CLONE_NOT_RAISED", FailureKind.RETRY, "volume " + record.volume() + ": " + e.getMessage(), e);
        }
    }

    private CloneRecord.Holes discardHoles() {
        try (SourceSession source = parts.sources().open(order.volume())) {
            requireSame(source);
            List<Extent> ranges = HoleRanges.of(record.sizeBytes(), record.regionBytes(), source::extentAt);
            Path clone = DeviceName.clone(record.volume()).path();
            try (Media.Discarding disk = media.discarding(clone)) {
                ranges.forEach(range -> disk.discard(range.offset(), range.lengthBytes()));
                disk.flush();
            }
            long roundTrip = roundTripNanos > 0 ? roundTripNanos : roundTripNanos(source);
            return new CloneRecord.Holes(HoleRanges.regions(ranges, record.regionBytes()), roundTrip);
        }
    }

    /** The better of two: the first may have had to wake a disk. */
    private static long roundTripNanos(SourceSession source) {
        long best = Long.MAX_VALUE;
        for (int i = 0; i < 2; i++) {
            long began = System.nanoTime();
            source.read(0, ByteBuffer.allocate(source.blockBytes()));
            best = Math.min(best, System.nanoTime() - began);
        }
        return best;
    }

    private void requireSame(SourceSession source) {
        if (source.sizeBytes() != record.sizeBytes()
                || source.blockBytes() != record.blockBytes()
                || !source.serial().equals(record.volume().value())) {
            throw new HostActionException(
                    "IDENTITY_MISMATCH",
                    FailureKind.ABORT,
                    "the export of volume " + record.volume() + " has serial '" + source.serial() + "' and "
                            + source.sizeBytes() + " bytes in blocks of " + source.blockBytes()
                            + ": it is not the disk that is being cloned");
        }
    }

    /** Takes effect with the next tick; returns at once. */
    synchronized void hydrate(HydrationOrder wanted, Instant now) {
        requireUp();
        if (record.hydratingSince() == null) {
            record = record.whenHydrating(now.getEpochSecond());
            records.write(record);
            pacing = null;
        }
        hydration = wanted;
        tick(now);
    }

    /**
     * Looks, has the pace decided, and opens failed metadata again.
     *
     * @return whether it has become whole or got into trouble since it was looked at last
     */
    synchronized boolean tick(Instant now) {
        if (!up) {
            return false;
        }
        boolean wasComplete = state().complete();
        boolean wasTroubled = problem != null;
        Status status = look();
        HydrationOrder wanted = hydration;
        if (problem != null) {
            reopen(now);
        } else if (status instanceof CloneStatus.Working working && wanted != null) {
            pacing().tick(working, wanted, now);
            missingBytes = working.complete()
                    ? null
                    : missing.look(record, parts.attachments().report(record.volume()), now);
            progress = report(working);
        }
        return (state().complete() && !wasComplete) || (problem != null) != wasTroubled;
    }

    /** As {@link Pacing#keepCeiling}; null also where nothing is being copied. */
    synchronized @Nullable Duration keepCeiling(Instant now) {
        HydrationOrder wanted = hydration;
        if (!up || wanted == null || wanted.bytesPerSecond() == null || problem != null) {
            return null;
        }
        return stack().cloneStatus() instanceof CloneStatus.Working working
                ? pacing().keepCeiling(working, wanted, now)
                : null;
    }

    private void reopen(Instant now) {
        Instant last = reopened;
        if (last != null && now.isBefore(last.plus(REOPEN_AFTER))) {
            return;
        }
        reopened = now;
        log.warn("opening a clone's metadata again volume={} problem={}", record.volume(), problem);
        stack().reopenFailed();
        pacing = null;
        look();
    }

    /** What the kernel says now, kept for observers. */
    synchronized @Nullable Status look() {
        CloneStack stack = stack();
        Status status = stack.cloneStatus();
        problem = CloneHealth.of(record.volume(), record.metadata(), status, stack.eraStatus());
        if (status instanceof CloneStatus.Working working) {
            progress = report(working);
        }
        return status;
    }

    /** Regions that the workload wrote whole count as copied: the kernel does not tell them apart. */
    private HydrationReport report(CloneStatus.Working now) {
        long localBytes = Math.min(record.sizeBytes(), now.hydratedRegions() * record.regionBytes());
        Pacing driven = pacing;
        HydrationOrder wanted = hydration;
        return new HydrationReport(
                record.regionBytes(),
                now.regions(),
                now.hydratedRegions(),
                now.hydratingRegions(),
                Math.max(0, localBytes - record.skippedBytes()),
                record.skippedBytes(),
                0,
                driven == null ? 0 : driven.bytesPerSecond(),
                wanted != null && !wanted.paused() && !now.complete(),
                CloneEngine.DM_CLONE,
                driven == null ? null : driven.report(),
                missingBytes);
    }

    /** Asked of the kernel anew, and again by whoever replaces the device while that is suspended. */
    void requireComplete() {
        CloneStatus.Working now = stack().requireWorking();
        if (!now.complete()) {
            throw new HostActionException(
                    "HYDRATION_INCOMPLETE",
                    FailureKind.RETRY,
                    "volume " + record.volume() + " has " + now.hydratedRegions() + " of " + now.regions()
                            + " regions here, " + now.hydratingRegions() + " in flight, metadata " + now.mode()
                            + ": it stays on its clone device");
        }
    }

    synchronized void verify() {
        requireUp();
        requireComplete();
        DeviceName era = DeviceName.era(record.volume());
        try (Media.Uncached local = media.uncached(Path.of(record.destination()));
                SourceSession source = parts.sources().open(order.volume())) {
            media.flush(era.path());
            requireSame(source);
            EraLog log = new EraLog(parts.mapper(), parts.commands());
            verification = new CopyCheck(record, local, source, source::checksums)
                    .run(() -> log.written(era, record.eraMetadata()));
        } catch (BlockDeviceException e) {
            throw new HostActionException(
                    "VERIFICATION_FAILED", FailureKind.RETRY, "volume " + record.volume() + ": " + e.getMessage(), e);
        }
    }

    /** The workload is free again, and the devices are gone; metadata and record stay. */
    synchronized void takeDown() {
        Pacing driven = pacing;
        if (driven == null) {
            driven = pacing();
        }
        driven.release();
        up = false;
        stack().remove();
    }

    private void requireUp() {
        if (!up) {
            throw new HostActionException(
                    "CLONE_MISSING", FailureKind.RETRY, "volume " + record.volume() + " has no clone device");
        }
    }

    private Pacing pacing() {
        Pacing now = pacing;
        if (now == null) {
            now = new Pacing(parts, policy, record);
            pacing = now;
        }
        return now;
    }

    private CloneStack stack() {
        return new CloneStack(parts, record);
    }
}
