package io.sluice.iscsi.scsi;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Who is registered with a unit and who holds its persistent reservation (SPC-4 §5.13).
 *
 * @param generation PRgeneration
 * @param keys reservation keys of the registered ports, in order of registration
 * @param persisting whether this outlives a power loss (APTPL)
 */
record Reservations(
        int generation,
        Map<InitiatorPort, Long> keys,
        @Nullable Holder holder,
        boolean persisting) {
    static final Reservations NONE = new Reservations(0, Map.of(), null, false);

    /** @param port null where all registrants hold it */
    record Holder(@Nullable InitiatorPort port, ReservationType type) {}

    Reservations {
        keys = Collections.unmodifiableMap(new LinkedHashMap<>(keys));
    }

    boolean registered(InitiatorPort port) {
        return keys.containsKey(port);
    }

    /** Whether a port is registered with this very key. */
    boolean registeredAs(InitiatorPort port, long key) {
        Long own = keys.get(port);
        return own != null && own == key;
    }

    boolean holds(InitiatorPort port) {
        Holder held = holder;
        return held != null
                && (held.port() == null ? registered(port) : held.port().equals(port));
    }

    /** SPC-4 table 67, SBC-3 table 13. */
    boolean permit(InitiatorPort port, Access access) {
        Holder held = holder;
        if (held == null || holds(port) || (held.type().admitsRegistrants() && registered(port))) {
            return true;
        }
        return switch (access) {
            case ALWAYS, UNLESS_RESERVED, RESERVATION -> true;
            case READ -> !held.type().exclusive();
            case WRITE -> false;
        };
    }

    /** What READ RESERVATION tells of the holder: 0 stands for all registrants. */
    long holderKey() {
        Holder held = holder;
        if (held == null || held.port() == null) {
            return 0;
        }
        Long key = keys.get(held.port());
        return key == null ? 0 : key;
    }

    Reservations with(InitiatorPort port, long key) {
        Map<InitiatorPort, Long> changed = new LinkedHashMap<>(keys);
        changed.put(port, key);
        return new Reservations(generation, changed, holder, persisting);
    }

    /** The reservation goes with its holder, or with the last of all registrants. */
    Reservations without(InitiatorPort port) {
        Map<InitiatorPort, Long> changed = new LinkedHashMap<>(keys);
        changed.remove(port);
        Holder held = holder;
        boolean over = held != null
                && (held.port() == null ? changed.isEmpty() : held.port().equals(port));
        return new Reservations(generation, changed, over ? null : held, persisting);
    }

    Reservations heldBy(@Nullable Holder next) {
        return new Reservations(generation, keys, next, persisting);
    }

    Reservations persisting(boolean persist) {
        return new Reservations(generation, keys, holder, persist);
    }

    Reservations nextGeneration() {
        return new Reservations(generation + 1, keys, holder, persisting);
    }
}
