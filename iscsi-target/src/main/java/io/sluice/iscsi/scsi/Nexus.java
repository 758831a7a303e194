package io.sluice.iscsi.scsi;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * An initiator port's session with a target (SAM-5 §4.6: I_T nexus), as its units see it: what they still have to tell it. Made by
 * {@link LogicalUnitServer#establish}, ended by {@link LogicalUnitServer#lose}. Safe from many threads.
 */
public final class Nexus {
    /** Outcomes of copies are kept for this many of an initiator's lists. */
    private static final int MAX_COPIES = 8;

    private final InitiatorPort port;
    private final CommandAborter aborter;
    /** By LUN: the {@link UnitAttention#bit}s pending. A set needs no limit and says nothing twice. */
    private final AtomicIntegerArray attentions;
    /** By LUN: how often its commands were aborted from elsewhere. */
    private final AtomicIntegerArray aborts;

    private final ReentrantLock copying;
    private final Deque<KeptCopy> copies;

    private record KeptCopy(int lun, CopyOutcome outcome) {}

    Nexus(InitiatorPort port, CommandAborter aborter, int units) {
        this.port = port;
        this.aborter = aborter;
        this.attentions = new AtomicIntegerArray(units);
        this.aborts = new AtomicIntegerArray(units);
        this.copying = new ReentrantLock();
        this.copies = new ArrayDeque<>();
    }

    public InitiatorPort port() {
        return port;
    }

    /** The same over another connection. */
    private Nexus(Nexus before, CommandAborter aborter) {
        this.port = before.port;
        this.aborter = aborter;
        this.attentions = before.attentions;
        this.aborts = before.aborts;
        this.copying = before.copying;
        this.copies = before.copies;
    }

    Nexus over(CommandAborter newAborter) {
        return new Nexus(this, newAborter);
    }

    boolean attentive(int lun) {
        return attentions.get(lun) != 0;
    }

    void post(int lun, UnitAttention attention) {
        attentions.getAndUpdate(lun, pending -> pending | attention.bit());
    }

    /** What it is to hear first is reported and thereby cleared; null when nothing is pending. */
    @Nullable
    UnitAttention take(int lun) {
        return UnitAttention.first(attentions.getAndUpdate(lun, bits -> bits & (bits - 1)));
    }

    /** Keeps what a copy came to until it is asked for, or too many came after it. */
    void remember(int lun, CopyOutcome outcome) {
        copying.lock();
        try {
            copies.removeIf(kept -> kept.lun() == lun && kept.outcome().listIdentifier() == outcome.listIdentifier());
            if (copies.size() == MAX_COPIES) {
                copies.removeFirst();
            }
            copies.add(new KeptCopy(lun, outcome));
        } finally {
            copying.unlock();
        }
    }

    @Nullable
    CopyOutcome recall(int lun, int listIdentifier) {
        copying.lock();
        try {
            return copies.stream()
                    .filter(kept -> kept.lun() == lun && kept.outcome().listIdentifier() == listIdentifier)
                    .map(KeptCopy::outcome)
                    .findFirst()
                    .orElse(null);
        } finally {
            copying.unlock();
        }
    }

    /** A command comes in for the unit: what {@link LogicalUnitServer#execute} wants to hear, so that an abort finds it. */
    public int issue(long lun) {
        int index = Lun.decode(lun);
        return index < 0 || index >= aborts.length() ? 0 : aborts.get(index);
    }

    boolean abortedSince(int issued, int lun) {
        return aborts.get(lun) != issued;
    }

    /** Counted first: a command that is past its session already, on the way to the disk, finds it where writes wait to be alone. */
    void abortCommands(int lun) {
        aborts.getAndIncrement(lun);
        aborter.abortCommands(lun);
    }
}
