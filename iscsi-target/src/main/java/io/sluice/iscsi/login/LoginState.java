package io.sluice.iscsi.login;

import io.sluice.iscsi.pdu.LoginStage;
import io.sluice.iscsi.pdu.PduLimits;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How far a login has come. Immutable. */
public sealed interface LoginState {

    /** StatSN of the next response. */
    int statSn();

    /** What came so far of a text continued over several PDUs; read only. */
    Text text();

    LoginState withText(Text text);

    /** Nothing has been heard yet. */
    record Connected(int statSn, Text text) implements LoginState {
        public static final Connected FIRST = new Connected(0, Text.EMPTY);

        @Override
        public Connected withText(Text newText) {
            return new Connected(statSn + 1, newText);
        }
    }

    /**
     * The peer has named itself.
     *
     * @param agreed answers given so far, by key
     * @param initiatorSegmentBytes MaxRecvDataSegmentLength declared by the initiator so far
     * @param declared whether ours was declared
     */
    record Negotiating(
            Peer peer,
            Admission admission,
            LoginStage stage,
            Authentication authentication,
            Map<String, String> agreed,
            int initiatorSegmentBytes,
            boolean declared,
            int statSn,
            Text text)
            implements LoginState {

        public Negotiating {
            agreed = Map.copyOf(agreed);
        }

        static Negotiating begun(Connected connected, Peer peer, Admission admission, LoginStage stage) {
            Authentication open = admission.chap() == null ? new Authentication.Passed() : new Authentication.Wanted();
            return new Negotiating(
                    peer,
                    admission,
                    stage,
                    open,
                    Map.of(),
                    PduLimits.DEFAULT_DATA_SEGMENT_BYTES,
                    false,
                    connected.statSn,
                    Text.EMPTY);
        }

        @Override
        public Negotiating withText(Text newText) {
            return new Negotiating(
                    peer,
                    admission,
                    stage,
                    authentication,
                    agreed,
                    initiatorSegmentBytes,
                    declared,
                    statSn + 1,
                    newText);
        }

        Negotiating with(Admission newAdmission) {
            return new Negotiating(
                    peer, newAdmission, stage, authentication, agreed, initiatorSegmentBytes, declared, statSn, text);
        }

        Negotiating with(Authentication newAuthentication) {
            return new Negotiating(
                    peer, admission, stage, newAuthentication, agreed, initiatorSegmentBytes, declared, statSn, text);
        }

        Negotiating with(String key, String value) {
            Map<String, String> more = new HashMap<>(agreed);
            more.put(key, value);
            return new Negotiating(
                    peer, admission, stage, authentication, more, initiatorSegmentBytes, declared, statSn, text);
        }

        Negotiating withInitiatorSegment(int bytes) {
            return new Negotiating(peer, admission, stage, authentication, agreed, bytes, declared, statSn, text);
        }

        Negotiating withDeclared() {
            return new Negotiating(
                    peer, admission, stage, authentication, agreed, initiatorSegmentBytes, true, statSn, text);
        }

        Negotiating answered(LoginStage newStage) {
            return new Negotiating(
                    peer,
                    admission,
                    newStage,
                    authentication,
                    agreed,
                    initiatorSegmentBytes,
                    declared,
                    statSn + 1,
                    Text.EMPTY);
        }
    }

    /** Where authentication stands. */
    sealed interface Authentication {
        record Wanted() implements Authentication {}

        record MethodChosen() implements Authentication {}

        record Challenged(ChapExchange.@Nullable Challenge challenge) implements Authentication {}

        record Passed() implements Authentication {}
    }
}
