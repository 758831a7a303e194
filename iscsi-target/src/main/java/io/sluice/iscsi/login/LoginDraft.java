package io.sluice.iscsi.login;

import io.sluice.iscsi.login.LoginState.Authentication;
import io.sluice.iscsi.login.LoginState.Negotiating;
import io.sluice.iscsi.pdu.LoginRequest;
import io.sluice.iscsi.pdu.LoginStage;
import io.sluice.iscsi.pdu.LoginStatus;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One step of a login under construction: takes a request's keys and gathers the answers to them. */
final class LoginDraft {

    private Negotiating state;
    private TextKeys answer;

    LoginDraft(Negotiating state, TextKeys answer) {
        this.state = state;
        this.answer = answer;
    }

    Negotiating state() {
        return state;
    }

    TextKeys answer() {
        return answer;
    }

    /** Takes the keys of the security stage; answers with what is wrong, or null. */
    @Nullable
    LoginStatus authenticate(ChapExchange chap, LoginRequest request, TextKeys keys) {
        return switch (state.authentication()) {
            case Authentication.Passed ignored -> unauthenticated(keys);
            case Authentication.Wanted ignored -> chooseMethod(chap, request, keys);
            case Authentication.MethodChosen ignored -> apply(chap.challenge(keys));
            case Authentication.Challenged challenged -> {
                ChapCredentials expected = state.admission().chap();
                ChapExchange.Challenge challenge = challenged.challenge();
                yield expected == null || challenge == null
                        ? LoginStatus.TARGET_ERROR
                        : apply(chap.prove(
                                challenge, keys, expected, state.admission().mutual()));
            }
        };
    }

    private @Nullable LoginStatus unauthenticated(TextKeys keys) {
        String methods = keys.get(KeyNames.AUTH_METHOD);
        if (methods == null) {
            return null;
        }
        if (!List.of(methods.split(",", -1)).contains(KeyNames.NONE)) {
            return LoginStatus.AUTHENTICATION_FAILURE;
        }
        answer = answer.with(KeyNames.AUTH_METHOD, KeyNames.NONE);
        return null;
    }

    private @Nullable LoginStatus chooseMethod(ChapExchange chap, LoginRequest request, TextKeys keys) {
        String methods = keys.get(KeyNames.AUTH_METHOD);
        if (methods == null) {
            return request.flags().transit() ? LoginStatus.AUTHENTICATION_FAILURE : null;
        }
        if (!List.of(methods.split(",", -1)).contains(KeyNames.CHAP)) {
            return LoginStatus.AUTHENTICATION_FAILURE;
        }
        answer = answer.with(KeyNames.AUTH_METHOD, KeyNames.CHAP);
        state = state.with(new Authentication.MethodChosen());
        return keys.get(KeyNames.CHAP_ALGORITHM) == null ? null : apply(chap.challenge(keys));
    }

    private @Nullable LoginStatus apply(ChapExchange.Step step) {
        return switch (step) {
            case ChapExchange.Step.Failed failed -> failed.status();
            case ChapExchange.Step.Challenged challenged -> {
                answer = answer.with(challenged.answer());
                state = state.with(new Authentication.Challenged(challenged.challenge()));
                yield null;
            }
            case ChapExchange.Step.Proven proven -> {
                answer = answer.with(proven.answer());
                state = state.with(new Authentication.Passed());
                yield null;
            }
        };
    }

    /** Takes the operational keys; answers with what is wrong, or null. */
    @Nullable
    LoginStatus negotiate(Negotiation negotiation, TargetOffer offer, TextKeys keys) {
        for (TextKeys.Pair pair : keys.pairs()) {
            if (isOfLogin(pair.name())) {
                continue;
            }
            if (state.agreed().containsKey(pair.name())) {
                return LoginStatus.INITIATOR_ERROR; // RFC 7143 §6.3: a key is negotiated once in a login
            }
            switch (negotiation.answer(pair.name(), pair.value())) {
                case Negotiation.Result.Declared declared ->
                    state = state.with(pair.name(), pair.value()).withInitiatorSegment(declared.value());
                case Negotiation.Result.Declined declined -> answer = answer.with(pair.name(), declined.value());
                case Negotiation.Result.Agreed agreed -> {
                    answer = answer.with(pair.name(), agreed.value());
                    state = state.with(pair.name(), agreed.value());
                }
            }
        }
        if (state.stage() == LoginStage.OPERATIONAL && !state.declared()) {
            answer = answer.with(KeyNames.MAX_RECV_DATA_SEGMENT_LENGTH, Integer.toString(offer.segmentBytes()));
            state = state.withDeclared();
        }
        return null;
    }

    /** Keys that the login itself uses, and that are not negotiated. */
    private static boolean isOfLogin(String key) {
        return switch (key) {
            case KeyNames.INITIATOR_NAME,
                    KeyNames.INITIATOR_ALIAS,
                    KeyNames.TARGET_NAME,
                    KeyNames.SESSION_TYPE,
                    KeyNames.AUTH_METHOD,
                    KeyNames.CHAP_ALGORITHM,
                    KeyNames.CHAP_IDENTIFIER,
                    KeyNames.CHAP_CHALLENGE,
                    KeyNames.CHAP_NAME,
                    KeyNames.CHAP_RESPONSE -> true;
            default -> false;
        };
    }
}
