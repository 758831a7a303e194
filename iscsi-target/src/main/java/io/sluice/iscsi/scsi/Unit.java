package io.sluice.iscsi.scsi;

import java.util.Collection;
import java.util.function.Supplier;

/** A logical unit while it is served: its disk, which may be replaced, and what outlives sessions and the disk. */
final class Unit {
    private final int lun;
    private final Collection<Nexus> nexuses;
    private final WriteGate writes = new WriteGate();
    private volatile LogicalUnit definition;

    /** @param nexuses a live view of who is there */
    Unit(int lun, LogicalUnit definition, Collection<Nexus> nexuses) {
        this.lun = lun;
        this.definition = definition;
        this.nexuses = nexuses;
    }

    int lun() {
        return lun;
    }

    LogicalUnit definition() {
        return definition;
    }

    void replace(LogicalUnit replacement) {
        definition = replacement;
    }

    /** A write like any other: many at once, but none while {@link #alone} runs. */
    ScsiResult writing(Supplier<ScsiResult> write) {
        int entered = writes.enter();
        try {
            return write.get();
        } finally {
            writes.leave(entered);
        }
    }

    /** Runs while no write is on the disk (SBC-3 §4.24 for COMPARE AND WRITE). */
    <T> T alone(Supplier<T> action) {
        return writes.alone(action);
    }

    /**
     * Logical unit reset (SAM-5 §6.3.3): commands that do not run yet end unanswered, and when this returns no write that came before
     * is still on the disk.
     *
     * @param from who asked for it; its session has ended its commands itself
     */
    void reset(Nexus from) {
        for (Nexus nexus : nexuses) {
            if (nexus != from) {
                nexus.abortCommands(lun);
            }
            nexus.post(lun, UnitAttention.BUS_DEVICE_RESET);
        }
        alone(() -> true);
    }
}
