package io.sluice.iscsi.scsi;

import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/** A logical unit while it is served: its disk, which may be replaced, and what outlives sessions and the disk. */
final class Unit {
    private final int lun;
    private final Collection<Nexus> nexuses;
    private final UnitReservations reservations;
    private final LoadableMedium medium = new LoadableMedium();
    private final WriteGate writes = new WriteGate();
    private volatile LogicalUnit definition;
    private volatile boolean softwareWriteProtected;

    /** @param nexuses a live view of who is there */
    Unit(int lun, LogicalUnit definition, Collection<Nexus> nexuses, ReservationStore store) {
        this.lun = lun;
        this.definition = definition;
        this.nexuses = nexuses;
        this.reservations = new UnitReservations(definition.serial(), store);
    }

    int lun() {
        return lun;
    }

    LogicalUnit definition() {
        return definition;
    }

    UnitReservations reservations() {
        return reservations;
    }

    LoadableMedium medium() {
        return medium;
    }

    /** Whether anything may keep a command from being run: all that the good case looks at. */
    boolean restricted() {
        return reservations.restricted() || !medium.loaded();
    }

    void replace(LogicalUnit replacement) {
        definition = replacement;
    }

    /** The SWP bit of the control mode page (SPC-4 §7.5.8). */
    boolean softwareWriteProtected() {
        return softwareWriteProtected;
    }

    /** Others than {@code by} are told that a mode parameter is not what it was. */
    void softwareWriteProtect(Nexus by, boolean protect) {
        if (softwareWriteProtected != protect) {
            softwareWriteProtected = protect;
            tellOthers(by, UnitAttention.MODE_PARAMETERS_CHANGED);
        }
    }

    /** Loads or ejects a removable medium; false when an initiator prevents that. */
    boolean move(Nexus by, boolean in) {
        boolean was = medium.loaded();
        boolean moved = medium.move(in);
        if (moved && in && !was) {
            tellOthers(by, UnitAttention.MEDIUM_MAY_HAVE_CHANGED);
        }
        return moved;
    }

    private void tellOthers(Nexus by, UnitAttention attention) {
        for (Nexus nexus : nexuses) {
            if (nexus != by) {
                nexus.post(lun, attention);
            }
        }
    }

    boolean writeProtected() {
        return softwareWriteProtected || definition.writeProtected();
    }

    /** Where plain writes pass. */
    WriteGate writes() {
        return writes;
    }

    /** Runs while no write is on the disk (SBC-3 §5.2: COMPARE AND WRITE is one uninterrupted series of actions). */
    <T> T alone(Supplier<T> action) {
        return writes.alone(action);
    }

    void tell(List<ReservationDecision.Notice> notices) {
        for (ReservationDecision.Notice notice : notices) {
            for (Nexus nexus : nexuses) {
                if (nexus.port().equals(notice.port())) {
                    nexus.post(lun, notice.attention());
                }
            }
        }
    }

    /** PREEMPT AND ABORT (SPC-4 §5.13.11.2.6): when this returns nothing of theirs is going to reach the disk. */
    void abort(Set<InitiatorPort> ports) {
        if (ports.isEmpty()) {
            return;
        }
        for (Nexus nexus : nexuses) {
            if (ports.contains(nexus.port())) {
                nexus.abortCommands(lun);
            }
        }
        alone(() -> true);
    }

    /** CLEAR TASK SET (SAM-5 §7.5) with one task set for all, as the control mode page says; the rest as {@link #reset}. */
    void clear(Nexus from) {
        for (Nexus nexus : nexuses) {
            if (nexus != from) {
                nexus.abortCommands(lun);
            }
        }
        alone(() -> true);
    }

    /** I_T nexus loss (SAM-5 §6.3.4) ends a reservation by RESERVE, and what the port prevented. */
    void lost(InitiatorPort port) {
        reservations.release(port);
        medium.allow(port);
    }

    /**
     * Logical unit reset (SAM-5 §6.3.3): commands that do not run yet end unanswered, and when this returns no write that came before
     * is still on the disk.
     *
     * @param from who asked for it; its session has ended its commands itself
     */
    void reset(Nexus from) {
        reservations.reset();
        medium.allowAll();
        softwareWriteProtected = false;
        for (Nexus nexus : nexuses) {
            if (nexus != from) {
                nexus.abortCommands(lun);
            }
            nexus.post(lun, UnitAttention.BUS_DEVICE_RESET);
        }
        alone(() -> true);
    }
}
