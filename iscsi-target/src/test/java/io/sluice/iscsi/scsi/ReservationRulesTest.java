package io.sluice.iscsi.scsi;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.iscsi.scsi.ReservationDecision.Conflict;
import io.sluice.iscsi.scsi.ReservationDecision.Granted;
import io.sluice.iscsi.scsi.ReservationDecision.Notice;
import io.sluice.iscsi.scsi.ReservationDecision.Refused;
import io.sluice.iscsi.scsi.ReservationRequest.Action;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** SPC-4 §5.13. */
class ReservationRulesTest {
    private static final InitiatorPort A = Initiators.port("a");
    private static final InitiatorPort B = Initiators.port("b");
    private static final InitiatorPort C = Initiators.port("c");

    private Reservations now = Reservations.NONE;

    @Test
    void aPortRegistersOnceAndThenNeedsItsKey() {
        assertThat(ask(A, Action.REGISTER, 1, 2))
                .as("not registered: the key is 0")
                .isInstanceOf(Conflict.class);
        granted(A, Action.REGISTER, 0, 1);
        assertThat(ask(A, Action.REGISTER, 0, 2)).isInstanceOf(Conflict.class);
        granted(A, Action.REGISTER, 1, 2);
        assertThat(now.registeredAs(A, 2)).isTrue();
        granted(A, Action.REGISTER_AND_IGNORE_EXISTING_KEY, 99, 3);
        assertThat(now.registeredAs(A, 3)).isTrue();
        assertThat(now.generation()).isEqualTo(3);
        granted(A, Action.REGISTER, 3, 0);
        assertThat(now.keys()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(
            value = Action.class,
            names = {"RESERVE", "RELEASE", "CLEAR", "PREEMPT", "PREEMPT_AND_ABORT"})
    void whoIsNotRegisteredWithTheKeyConflicts(Action action) {
        granted(B, Action.REGISTER, 0, 2);
        assertThat(ask(A, action, 0, 2)).isInstanceOf(Conflict.class);
        granted(A, Action.REGISTER, 0, 1);
        assertThat(ask(A, action, 7, 2)).isInstanceOf(Conflict.class);
    }

    @ParameterizedTest
    @EnumSource(ReservationType.class)
    void eachTypeAdmitsWhomItSays(ReservationType type) {
        registerAll();
        granted(A, Action.RESERVE, 1, 0, type);
        InitiatorPort stranger = Initiators.port("stranger");
        assertThat(now.permit(A, Access.WRITE)).isTrue();
        assertThat(now.permit(B, Access.WRITE)).isEqualTo(type.admitsRegistrants());
        assertThat(now.permit(B, Access.READ)).isEqualTo(type.admitsRegistrants() || !type.exclusive());
        assertThat(now.permit(stranger, Access.WRITE)).isFalse();
        assertThat(now.permit(stranger, Access.READ)).isEqualTo(!type.exclusive());
        assertThat(now.permit(stranger, Access.UNLESS_RESERVED)).isTrue();
        assertThat(now.holderKey()).isEqualTo(type.forAllRegistrants() ? 0 : 1);
        assertThat(now.holds(B)).isEqualTo(type.forAllRegistrants());
    }

    @Test
    void reservingTheSameAgainIsGoodAndAnythingElseConflicts() {
        registerAll();
        granted(A, Action.RESERVE, 1, 0, ReservationType.WRITE_EXCLUSIVE);
        granted(A, Action.RESERVE, 1, 0, ReservationType.WRITE_EXCLUSIVE);
        assertThat(ask(A, Action.RESERVE, 1, 0, ReservationType.EXCLUSIVE_ACCESS))
                .isInstanceOf(Conflict.class);
        assertThat(ask(B, Action.RESERVE, 2, 0, ReservationType.WRITE_EXCLUSIVE))
                .isInstanceOf(Conflict.class);
    }

    @Test
    void releasingTellsTheOtherRegistrantsWhereTheySharedIt() {
        registerAll();
        granted(A, Action.RESERVE, 1, 0, ReservationType.WRITE_EXCLUSIVE_REGISTRANTS_ONLY);
        granted(B, Action.RELEASE, 2, 0, ReservationType.WRITE_EXCLUSIVE_REGISTRANTS_ONLY);
        assertThat(now.holds(A)).as("B holds nothing to release").isTrue();
        assertThat(ask(A, Action.RELEASE, 1, 0, ReservationType.EXCLUSIVE_ACCESS))
                .isEqualTo(new Refused(Sense.illegalRequest(Sense.INVALID_RELEASE_OF_PERSISTENT_RESERVATION)));
        Granted released = granted(A, Action.RELEASE, 1, 0, ReservationType.WRITE_EXCLUSIVE_REGISTRANTS_ONLY);
        assertThat(now.holder()).isNull();
        assertThat(released.notices())
                .containsExactly(
                        new Notice(B, UnitAttention.RESERVATIONS_RELEASED),
                        new Notice(C, UnitAttention.RESERVATIONS_RELEASED));
    }

    @Test
    void theReservationGoesWithItsHolderAndWithTheLastOfAllRegistrants() {
        registerAll();
        granted(A, Action.RESERVE, 1, 0, ReservationType.EXCLUSIVE_ACCESS);
        assertThat(granted(A, Action.REGISTER, 1, 0).notices()).isEmpty();
        assertThat(now.holder()).isNull();
        granted(B, Action.RESERVE, 2, 0, ReservationType.EXCLUSIVE_ACCESS_ALL_REGISTRANTS);
        granted(B, Action.REGISTER, 2, 0);
        assertThat(now.holder()).isNotNull();
        granted(C, Action.REGISTER, 3, 0);
        assertThat(now.holder()).isNull();
    }

    @Test
    void clearingEndsAllAndTellsTheOthers() {
        registerAll();
        granted(B, Action.RESERVE, 2, 0, ReservationType.EXCLUSIVE_ACCESS);
        Granted cleared = granted(A, Action.CLEAR, 1, 0);
        assertThat(now.keys()).isEmpty();
        assertThat(now.holder()).isNull();
        assertThat(cleared.notices())
                .containsExactly(
                        new Notice(B, UnitAttention.RESERVATIONS_PREEMPTED),
                        new Notice(C, UnitAttention.RESERVATIONS_PREEMPTED));
    }

    @Test
    void preemptingAKeyWithoutReservationTakesTheRegistrationAlone() {
        registerAll();
        granted(C, Action.RESERVE, 3, 0, ReservationType.WRITE_EXCLUSIVE);
        int generation = now.generation();
        Granted preempted = granted(A, Action.PREEMPT, 1, 2, ReservationType.EXCLUSIVE_ACCESS);
        assertThat(now.registered(B)).isFalse();
        assertThat(now.holds(C)).isTrue();
        assertThat(now.generation()).isEqualTo(generation + 1);
        assertThat(preempted.notices()).containsExactly(new Notice(B, UnitAttention.REGISTRATIONS_PREEMPTED));
        assertThat(preempted.aborted()).isEmpty();
        assertThat(ask(A, Action.PREEMPT, 1, 77, ReservationType.EXCLUSIVE_ACCESS))
                .isInstanceOf(Conflict.class);
        assertThat(ask(A, Action.PREEMPT, 1, 0, ReservationType.EXCLUSIVE_ACCESS))
                .isInstanceOf(Refused.class);
    }

    @Test
    void preemptingTheHolderTakesTheReservationAndAbortsWhereAsked() {
        registerAll();
        granted(B, Action.RESERVE, 2, 0, ReservationType.WRITE_EXCLUSIVE_REGISTRANTS_ONLY);
        Granted preempted = granted(A, Action.PREEMPT_AND_ABORT, 1, 2, ReservationType.EXCLUSIVE_ACCESS);
        assertThat(now.holds(A)).isTrue();
        assertThat(now.registered(B)).isFalse();
        assertThat(preempted.aborted()).containsExactly(B);
        assertThat(preempted.notices())
                .containsExactly(
                        new Notice(B, UnitAttention.REGISTRATIONS_PREEMPTED),
                        new Notice(C, UnitAttention.RESERVATIONS_RELEASED));
    }

    @Test
    void zeroPreemptsAllRegistrantsAndTheirReservation() {
        registerAll();
        granted(B, Action.RESERVE, 2, 0, ReservationType.WRITE_EXCLUSIVE_ALL_REGISTRANTS);
        granted(A, Action.PREEMPT, 1, 0, ReservationType.EXCLUSIVE_ACCESS);
        assertThat(now.keys()).containsOnlyKeys(A);
        assertThat(now.holds(A)).isTrue();
    }

    @Test
    void registrationsAreLimited() {
        for (int i = 0; i < ReservationRules.MAX_REGISTRATIONS; i++) {
            granted(Initiators.port("port" + i), Action.REGISTER, 0, 5);
        }
        assertThat(ask(A, Action.REGISTER, 0, 1)).isInstanceOf(Refused.class);
        granted(Initiators.port("port0"), Action.REGISTER, 5, 6);
    }

    @Test
    void textKeepsRegistrationsAndHolderButNotTheGeneration() {
        registerAll();
        for (ReservationType type : ReservationType.values()) {
            Reservations held = now.heldBy(new Reservations.Holder(type.forAllRegistrants() ? null : B, type));
            Reservations back = ReservationText.decode(ReservationText.encode(held));
            assertThat(back.keys()).isEqualTo(held.keys());
            assertThat(back.holder()).isEqualTo(held.holder());
            assertThat(back.generation()).isZero();
            assertThat(back.persisting()).isTrue();
        }
    }

    private void registerAll() {
        granted(A, Action.REGISTER, 0, 1);
        granted(B, Action.REGISTER, 0, 2);
        granted(C, Action.REGISTER, 0, 3);
    }

    private Granted granted(InitiatorPort port, Action action, long key, long serviceActionKey) {
        return granted(port, action, key, serviceActionKey, null);
    }

    private Granted granted(
            InitiatorPort port, Action action, long key, long serviceActionKey, @Nullable ReservationType type) {
        ReservationDecision decision = ask(port, action, key, serviceActionKey, type);
        assertThat(decision).isInstanceOf(Granted.class);
        Granted granted = (Granted) decision;
        now = granted.after();
        return granted;
    }

    private ReservationDecision ask(InitiatorPort port, Action action, long key, long serviceActionKey) {
        return ask(port, action, key, serviceActionKey, ReservationType.WRITE_EXCLUSIVE);
    }

    private ReservationDecision ask(
            InitiatorPort port, Action action, long key, long serviceActionKey, @Nullable ReservationType type) {
        return ReservationRules.decide(now, port, new ReservationRequest(action, type, key, serviceActionKey, false));
    }
}
