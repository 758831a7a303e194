package io.sluice.agent.clone.kernel;

import io.sluice.agent.api.CloneEngine;
import io.sluice.agent.api.FailureKind;
import io.sluice.agent.api.HydrationOrder;
import io.sluice.agent.api.HydrationReport;
import io.sluice.agent.api.IncomingStage;
import io.sluice.agent.api.MissingBytes;
import io.sluice.agent.api.VerificationReport;
import io.sluice.agent.clone.pace.HydrationPolicy;
import io.sluice.agent.devicemapper.CloneStatus;
import io.sluice.agent.devicemapper.DeviceName;
import io.sluice.agent.devicemapper.Status;
import io.sluice.agent.reconcile.CloneOrder;
import io.sluice.agent.reconcile.CloneProblem;
import io.sluice.agent.reconcile.CloneState;
import io.sluice.agent.reconcile.HostActionException;
import io.sluice.iscsi.block.BlockDeviceException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One incoming volume that the kernel clones. Actions on its devices wait for each other, and may take hours; ticks and orders wait
 * for ticks alone. It may be observed at any moment.
 */
final class KernelClone {
    private static final Logger log = LoggerFactory.getLogger(KernelClone.class);

    /** Between attempts to open failed metadata again: their disk is seldom well sooner. */
    private static final Duration REOPEN_AFTER = Duration.ofSeconds(20);

    private final KernelParts parts;
    private final Media media;
    private final CloneRecords records;
    private final CloneOrder order;
    private final HydrationPolicy policy;
    private volatile CloneRecord record;
    private final MissingWatch missing;
    /** Of one small read of the source; 0 until it was met. */
    private volatile long roundTripNanos;

    private final ReentrantLock actions = new ReentrantLock();
    private volatile boolean leaving;

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
        try (BoundedSource source = parts.sources().open(order.volume(), record)) {
            source.extentAt(0);
            roundTripNanos = source.roundTripNanos();
        }
    }

    /** The kernel's devices with their holes marked; only now is the source read: until here its workload may have been writing. */
    void raise() {
        alone(() -> {
            CloneStack stack = stack();
            stack.raiseClone();
            if (record.holes() == null) {
                CloneRecord.Holes holes = markHoles(stack);
                remember(known -> known.whenMarked(holes));
            }
            stack.raiseEra();
            synchronized (this) {
                up = true;
                look();
            }
        });
    }

    private CloneRecord.Holes markHoles(CloneStack stack) {
        try (BoundedSource source = parts.sources().open(order.volume(), record)) {
            long regions = new HoleMarking(record, media).mark(stack, source, this::requireStaying);
            return new CloneRecord.Holes(regions, roundTripNanos > 0 ? roundTripNanos : source.roundTripNanos());
        }
    }

    private void requireStaying() {
        if (leaving) {
            throw missing("is being taken down");
        }
    }

    /** One action after another; what only looks does not wait for them. */
    private void alone(Runnable action) {
        actions.lock();
        try {
            action.run();
        } finally {
            actions.unlock();
        }
    }

    private synchronized void remember(UnaryOperator<CloneRecord> change) {
        record = change.apply(record);
        records.write(record);
    }

    /** Takes effect with the next tick; returns at once. */
    synchronized void hydrate(HydrationOrder wanted, Instant now) {
        requireUp();
        if (record.hydratingSince() == null) {
            remember(known -> known.whenHydrating(now.getEpochSecond()));
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

    /** As long as it takes to read the volume. */
    void verify() {
        alone(() -> {
            requireUp();
            requireComplete();
            verification = compared();
        });
    }

    private VerificationReport compared() {
        DeviceName era = DeviceName.era(record.volume());
        try (Media.Uncached local = media.uncached(Path.of(record.destination()));
                BoundedSource source = parts.sources().open(order.volume(), record)) {
            media.flush(era.path());
            EraLog written = new EraLog(parts.mapper(), parts.commands());
            return new CopyCheck(record, local, source, this::requireStaying)
                    .run(() -> written.written(era, record.eraMetadata()));
        } catch (BlockDeviceException e) {
            throw new HostActionException(
                    "VERIFICATION_FAILED", FailureKind.RETRY, "volume " + record.volume() + ": " + e.getMessage(), e);
        }
    }

    /** The workload is free again, and the devices are gone; metadata and record stay. What else is being done ends first, early. */
    void takeDown() {
        leaving = true;
        alone(() -> {
            try {
                letGo();
                stack().remove();
            } finally {
                leaving = false;
            }
        });
    }

    private synchronized void letGo() {
        pacing().release();
        up = false;
    }

    private void requireUp() {
        if (!up) {
            throw missing("has no clone device");
        }
    }

    private HostActionException missing(String why) {
        return new HostActionException("CLONE_MISSING", FailureKind.RETRY, "volume " + record.volume() + " " + why);
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
