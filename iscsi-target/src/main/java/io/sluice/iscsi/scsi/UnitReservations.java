package io.sluice.iscsi.scsi;

import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Who may use a unit: its persistent reservation, and the one by RESERVE (SPC-2 §5.5). Changes one at a time; looking whether there
 * is any is one volatile read. What is to persist is stored before it takes effect.
 */
final class UnitReservations {
    private final String serial;
    private final ReservationStore store;
    private final ReentrantLock changing = new ReentrantLock();
    private volatile State state;

    /** @param reserver who holds the unit by RESERVE */
    private record State(Reservations persistent, @Nullable InitiatorPort reserver) {
        boolean restricts() {
            return persistent.holder() != null || reserver != null;
        }
    }

    /** Null where nothing restricts anybody: all that a read or write looks at. */
    private volatile @Nullable State restriction;

    UnitReservations(String serial, ReservationStore store) {
        this.serial = serial;
        this.store = store;
        State kept = new State(loaded(serial, store), null);
        this.state = kept;
        this.restriction = kept.restricts() ? kept : null;
    }

    private static Reservations loaded(String serial, ReservationStore store) {
        String text = store.load(serial);
        try {
            return text == null ? Reservations.NONE : ReservationText.decode(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalStateException(
                    "the reservations kept for the unit %s cannot be read: %s; remove them if no cluster relies on them"
                            .formatted(serial, e.getMessage()),
                    e);
        }
    }

    boolean keeps() {
        return store.keeps();
    }

    Reservations persistent() {
        return state.persistent();
    }

    /** Whether a command of that kind must be answered with RESERVATION CONFLICT. */
    boolean conflicts(InitiatorPort port, Access access) {
        State restricting = restriction;
        if (restricting == null || access == Access.ALWAYS) {
            return false;
        }
        InitiatorPort reserver = restricting.reserver();
        return reserver == null ? !restricting.persistent().permit(port, access) : !reserver.equals(port);
    }

    boolean restricted() {
        return restriction != null;
    }

    /** SPC-2 §5.5.1: conflicts with another's reservation and with any registration. */
    boolean reserve(InitiatorPort port) {
        changing.lock();
        try {
            State now = state;
            boolean free = now.reserver() == null || now.reserver().equals(port);
            if (!free || !now.persistent().keys().isEmpty()) {
                return false;
            }
            become(new State(now.persistent(), port));
            return true;
        } finally {
            changing.unlock();
        }
    }

    /** Another's reservation stays; harmless when repeated. */
    void release(InitiatorPort port) {
        changing.lock();
        try {
            if (port.equals(state.reserver())) {
                become(new State(state.persistent(), null));
            }
        } finally {
            changing.unlock();
        }
    }

    /** A reset ends the old kind of reservation; persistent ones are called so for that. */
    void reset() {
        changing.lock();
        try {
            become(new State(state.persistent(), null));
        } finally {
            changing.unlock();
        }
    }

    /** Decides and, where granted, stores and changes. */
    ReservationDecision change(InitiatorPort port, ReservationRequest request) {
        changing.lock();
        try {
            Reservations now = state.persistent();
            ReservationDecision decision = ReservationRules.decide(now, port, request);
            if (decision instanceof ReservationDecision.Granted granted) {
                if (now.persisting() || granted.after().persisting()) {
                    boolean keep = granted.after().persisting();
                    store.save(serial, ReservationText.encode(keep ? granted.after() : Reservations.NONE));
                }
                become(new State(granted.after(), state.reserver()));
            }
            return decision;
        } finally {
            changing.unlock();
        }
    }

    private void become(State next) {
        state = next;
        restriction = next.restricts() ? next : null;
    }
}
