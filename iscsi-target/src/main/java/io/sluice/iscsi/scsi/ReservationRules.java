package io.sluice.iscsi.scsi;

import io.sluice.iscsi.scsi.ReservationDecision.Conflict;
import io.sluice.iscsi.scsi.ReservationDecision.Granted;
import io.sluice.iscsi.scsi.ReservationDecision.Notice;
import io.sluice.iscsi.scsi.ReservationDecision.Refused;
import io.sluice.iscsi.scsi.Reservations.Holder;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/** What PERSISTENT RESERVE OUT does (SPC-4 §5.13 and §6.16). Pure. */
final class ReservationRules {
    /** Registrations are remembered for good: no cluster has more nodes times paths on one disk. */
    static final int MAX_REGISTRATIONS = 256;

    private ReservationRules() {}

    static ReservationDecision decide(Reservations now, InitiatorPort port, ReservationRequest request) {
        boolean known = now.registeredAs(port, request.key());
        return switch (request.action()) {
            case REGISTER ->
                known || (!now.registered(port) && request.key() == 0) ? register(now, port, request) : new Conflict();
            case REGISTER_AND_IGNORE_EXISTING_KEY -> register(now, port, request);
            case RESERVE -> known ? reserve(now, port, request) : new Conflict();
            case RELEASE -> known ? release(now, port, request) : new Conflict();
            case CLEAR -> known ? clear(now, port) : new Conflict();
            case PREEMPT, PREEMPT_AND_ABORT -> known ? preempt(now, port, request) : new Conflict();
        };
    }

    private static ReservationDecision register(Reservations now, InitiatorPort port, ReservationRequest request) {
        if (request.serviceActionKey() != 0) {
            if (!now.registered(port) && now.keys().size() >= MAX_REGISTRATIONS) {
                return new Refused(Sense.illegalRequest(Sense.INSUFFICIENT_REGISTRATION_RESOURCES));
            }
            return new Granted(
                    now.with(port, request.serviceActionKey())
                            .persisting(request.persist())
                            .nextGeneration(),
                    List.of());
        }
        if (!now.registered(port)) {
            return new Granted(now, List.of());
        }
        Reservations after = now.without(port).persisting(request.persist()).nextGeneration();
        Holder held = now.holder();
        boolean told = held != null && after.holder() == null && held.type().admitsRegistrants(); // SPC-4 §5.13.11.2.3
        return new Granted(
                after, told ? notices(after.keys().keySet(), UnitAttention.RESERVATIONS_RELEASED) : List.of());
    }

    private static ReservationDecision reserve(Reservations now, InitiatorPort port, ReservationRequest request) {
        ReservationType type = request.type();
        if (type == null) {
            return new Refused(Sense.invalidField(2));
        }
        Holder held = now.holder();
        if (held != null) {
            boolean again = now.holds(port) && held.type() == type;
            return again ? new Granted(now, List.of()) : new Conflict();
        }
        return new Granted(now.heldBy(holder(port, type)), List.of());
    }

    private static ReservationDecision release(Reservations now, InitiatorPort port, ReservationRequest request) {
        Holder held = now.holder();
        if (held == null || !now.holds(port)) {
            return new Granted(now, List.of()); // SPC-4 §5.13.11.2.2: GOOD, and nothing happens
        }
        if (held.type() != request.type()) {
            return new Refused(Sense.illegalRequest(Sense.INVALID_RELEASE_OF_PERSISTENT_RESERVATION));
        }
        List<Notice> told = held.type().admitsRegistrants()
                ? notices(except(now, port), UnitAttention.RESERVATIONS_RELEASED)
                : List.of();
        return new Granted(now.heldBy(null), told);
    }

    private static ReservationDecision clear(Reservations now, InitiatorPort port) {
        Reservations after = new Reservations(now.generation() + 1, Map.of(), null, now.persisting());
        return new Granted(after, notices(except(now, port), UnitAttention.RESERVATIONS_PREEMPTED));
    }

    /** SPC-4 §5.13.11.2.4: takes registrations away, and the reservation where its holder's is among them. */
    private static ReservationDecision preempt(Reservations now, InitiatorPort port, ReservationRequest request) {
        Holder held = now.holder();
        long victimKey = request.serviceActionKey();
        boolean allHold = held != null && held.type().forAllRegistrants();
        if (victimKey == 0 && !allHold) {
            return new Refused(Sense.illegalRequest(Sense.INVALID_FIELD_IN_PARAMETER_LIST));
        }
        boolean takesOver = held != null && (allHold ? victimKey == 0 : now.holderKey() == victimKey);
        if (takesOver && request.type() == null) {
            return new Refused(Sense.invalidField(2));
        }
        Set<InitiatorPort> victims =
                victims(now, candidate -> victimKey == 0 || now.registeredAs(candidate, victimKey));
        if (takesOver) {
            victims.remove(port);
        } else if (victims.isEmpty()) {
            return new Conflict();
        }
        Reservations after = now.nextGeneration();
        for (InitiatorPort victim : victims) {
            after = after.without(victim);
        }
        return takesOver
                ? taken(now, after, victims, port, request)
                : granted(after, victims, port, request, List.of());
    }

    private static ReservationDecision taken(
            Reservations now,
            Reservations after,
            Set<InitiatorPort> victims,
            InitiatorPort port,
            ReservationRequest request) {
        ReservationType type = request.type();
        Holder held = now.holder();
        if (type == null || held == null) {
            throw new IllegalStateException("checked before: " + request);
        }
        boolean changed = held.type() != type;
        Set<InitiatorPort> others = new LinkedHashSet<>(after.keys().keySet());
        others.remove(port);
        List<Notice> released = changed ? notices(others, UnitAttention.RESERVATIONS_RELEASED) : List.of();
        return granted(after.heldBy(holder(port, type)), victims, port, request, released);
    }

    private static Granted granted(
            Reservations after,
            Set<InitiatorPort> victims,
            InitiatorPort port,
            ReservationRequest request,
            List<Notice> more) {
        Set<InitiatorPort> others = new LinkedHashSet<>(victims);
        others.remove(port);
        List<Notice> told = new ArrayList<>(notices(others, UnitAttention.REGISTRATIONS_PREEMPTED));
        told.addAll(more);
        boolean abort = request.action() == ReservationRequest.Action.PREEMPT_AND_ABORT;
        return new Granted(after, told, abort ? others : Set.of());
    }

    private static Holder holder(InitiatorPort port, ReservationType type) {
        return new Holder(type.forAllRegistrants() ? null : port, type);
    }

    private static Set<InitiatorPort> except(Reservations now, InitiatorPort port) {
        return victims(now, other -> !other.equals(port));
    }

    private static Set<InitiatorPort> victims(Reservations now, Predicate<InitiatorPort> which) {
        Set<InitiatorPort> found = new LinkedHashSet<>(now.keys().keySet());
        found.removeIf(which.negate());
        return found;
    }

    private static List<Notice> notices(Set<InitiatorPort> ports, UnitAttention attention) {
        return ports.stream().map(port -> new Notice(port, attention)).toList();
    }
}
