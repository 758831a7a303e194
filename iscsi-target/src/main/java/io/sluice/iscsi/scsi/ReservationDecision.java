package io.sluice.iscsi.scsi;

import java.util.List;
import java.util.Set;

/** What becomes of a {@link ReservationRequest}. */
sealed interface ReservationDecision {

    /**
     * It is done.
     *
     * @param notices what other ports are to be told
     * @param aborted the ports whose commands are to be aborted
     */
    record Granted(Reservations after, List<Notice> notices, Set<InitiatorPort> aborted)
            implements ReservationDecision {
        public Granted {
            notices = List.copyOf(notices);
            aborted = Set.copyOf(aborted);
        }

        Granted(Reservations after, List<Notice> notices) {
            this(after, notices, Set.of());
        }
    }

    record Conflict() implements ReservationDecision {}

    record Refused(Sense sense) implements ReservationDecision {}

    record Notice(InitiatorPort port, UnitAttention attention) {}
}
