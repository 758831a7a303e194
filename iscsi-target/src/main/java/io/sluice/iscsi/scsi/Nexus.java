package io.sluice.iscsi.scsi;

import java.util.concurrent.atomic.AtomicIntegerArray;
import org.jspecify.annotations.Nullable;

/**
 * An initiator port's session with a target (SAM-5 §4.6: I_T nexus), as its units see it: what they still have to tell it. Made by
 * {@link LogicalUnitServer#establish}, ended by {@link LogicalUnitServer#lose}. Safe from many threads.
 */
public final class Nexus {
    private final InitiatorPort port;
    private final CommandAborter aborter;
    /** By LUN: the {@link UnitAttention#bit}s pending. A set needs no limit and says nothing twice. */
    private final AtomicIntegerArray attentions;

    Nexus(InitiatorPort port, CommandAborter aborter, int units) {
        this.port = port;
        this.aborter = aborter;
        this.attentions = new AtomicIntegerArray(units);
    }

    public InitiatorPort port() {
        return port;
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

    void abortCommands(int lun) {
        aborter.abortCommands(lun);
    }
}
