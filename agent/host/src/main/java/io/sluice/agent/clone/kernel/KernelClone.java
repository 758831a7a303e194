package io.sluice.agent.clone.kernel;

import io.sluice.agent.api.FailureKind;
import io.sluice.agent.api.HydrationOrder;
import io.sluice.agent.api.HydrationReport;
import io.sluice.agent.api.IncomingStage;
import io.sluice.agent.api.MissingBytes;
import io.sluice.agent.api.VerificationReport;
import io.sluice.agent.clone.pace.HydrationPolicy;
import io.sluice.agent.devicemapper.CloneStatus;
import io.sluice.agent.devicemapper.EraStatus;
import io.sluice.agent.devicemapper.Status;
import io.sluice.agent.reconcile.CloneOrder;
import io.sluice.agent.reconcile.CloneProblem;
import io.sluice.agent.reconcile.CloneState;
import io.sluice.agent.reconcile.HostActionException;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * One incoming volume that the kernel clones. Actions on its devices wait for each other, and may take hours; ticks and orders wait
 * for ticks alone. It may be observed at any moment.
 */
final class KernelClone {
    private final KernelParts parts;
    private final Media media;
    private final CloneRecords records;
    private final CloneOrder order;
    private final HydrationPolicy policy;
    private volatile CloneRecord record;
    private final MissingWatch missing;
    private final CloneRepair repair = new CloneRepair();
    /** Of one small read of the source; 0 until it was met. */
    private volatile long roundTripNanos;

    private final ReentrantLock actions = new ReentrantLock();
    private volatile boolean leaving;

    private @Nullable Pacing pacing;
    private @Nullable MissingBytes missingBytes;
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
     * Looks, has the pace decided, and does what can be done about failed metadata.
     *
     * @return whether it has become whole or got into trouble since it was looked at last
     */
    synchronized boolean tick(Instant now) {
        if (!up) {
            return false;
        }
        boolean wasComplete = state().complete();
        boolean wasTroubled = problem != null;
        if (record.writtenSetLostAt() != null) {
            stack().wakeEra();
        }
        CloneStack.Seen seen = look();
        if (CloneHealth.isBroken(seen.ofClone())) {
            if (repair.reopen(record, stack(), now)) {
                pacing = null;
                look();
            }
        } else {
            giveUpWrittenSet(seen, now);
            try {
                drive(seen, now);
            } finally {
                if (repair.passBy(record, stack(), seen, parts.attachments().report(record.volume()), now)) {
                    look();
                }
            }
        }
        return (state().complete() && !wasComplete) || (problem != null) != wasTroubled;
    }

    private void drive(CloneStack.Seen seen, Instant now) {
        HydrationOrder wanted = hydration;
        if (seen.ofClone() instanceof CloneStatus.Working working && wanted != null) {
            pacing().tick(working, wanted, now);
            missingBytes = working.complete()
                    ? null
                    : missing.look(record, parts.attachments().report(record.volume()), now);
            progress = report(working);
        }
    }

    /**
     * dm-era commits each first write, and drops for good what a failed commit could not write: what it says after that may lack
     * writes that passed, even when its disk is well again.
     */
    private void giveUpWrittenSet(CloneStack.Seen seen, Instant now) {
        if (seen.ofEra() instanceof EraStatus.Failed && record.writtenSetLostAt() == null) {
            remember(known -> known.whenWrittenSetLost(now.getEpochSecond()));
        }
    }

    /** As {@link Pacing#keepCeiling}; null also where nothing is being copied. */
    synchronized @Nullable Duration keepCeiling(Instant now) {
        HydrationOrder wanted = hydration;
        if (!up || wanted == null || wanted.bytesPerSecond() == null) {
            return null;
        }
        Status status = stack().cloneStatus();
        return status instanceof CloneStatus.Working working && !CloneHealth.isBroken(status)
                ? pacing().keepCeiling(working, wanted, now)
                : null;
    }

    /** What the kernel says now, kept for observers. */
    synchronized CloneStack.Seen look() {
        CloneStack.Seen seen = stack().look();
        problem = CloneHealth.of(record, seen);
        if (seen.ofClone() instanceof CloneStatus.Working working) {
            progress = report(working);
        }
        return seen;
    }

    private HydrationReport report(CloneStatus.Working now) {
        return CloneProgress.report(record, now, pacing, hydration, missingBytes);
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
            requireWrittenSet();
            VerificationReport found = new Verification(parts, media).run(order.volume(), record, this::requireStaying);
            requireWrittenSet();
            verification = found;
        });
    }

    private void requireWrittenSet() {
        if (record.writtenSetLostAt() != null) {
            CloneProblem lost = CloneHealth.writtenSetLost(record);
            throw new HostActionException(lost.code(), lost.kind(), lost.message());
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
