package io.sluice.iscsi.login;

import io.sluice.iscsi.login.LoginState.Authentication;
import io.sluice.iscsi.login.LoginState.Connected;
import io.sluice.iscsi.login.LoginState.Negotiating;
import io.sluice.iscsi.pdu.LoginFlags;
import io.sluice.iscsi.pdu.LoginRequest;
import io.sluice.iscsi.pdu.LoginResponse;
import io.sluice.iscsi.pdu.LoginStage;
import io.sluice.iscsi.pdu.LoginStatus;
import io.sluice.iscsi.pdu.PduLimits;
import io.sluice.iscsi.pdu.ResponseNumbers;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The target's side of the login phase (RFC 7143 §6): login state and request in, step out. One per connection. */
public final class LoginMachine {

    /** A whole answer fits the PDU every initiator takes before it has declared anything (RFC 7143 §13.12). */
    private static final int MAX_ANSWER = PduLimits.DEFAULT_DATA_SEGMENT_BYTES;

    private final TargetDirectory directory;
    private final ChapExchange chap;
    private final Negotiation negotiation;
    private final TargetOffer offer;
    private final LoginLimits limits;
    private final int tsih;

    /** A machine whose session, if it comes to one, has the identifier {@code tsih}. */
    public LoginMachine(TargetDirectory directory, Nonces nonces, TargetOffer offer, LoginLimits limits, int tsih) {
        this.directory = directory;
        this.chap = new ChapExchange(nonces);
        this.negotiation = new Negotiation(offer);
        this.offer = offer;
        this.limits = limits;
        this.tsih = tsih;
    }

    public LoginStep step(LoginState state, LoginRequest request) {
        LoginStage stage = request.flags().current();
        LoginStatus wrong = check(state, request);
        if (wrong != null || stage == null) {
            return refuse(state, request, wrong == null ? LoginStatus.INITIATOR_ERROR : wrong, "unlawful request");
        }
        Text text = state.text().plus(request.data());
        if (text.length() > limits.textBytes()) {
            return refuse(
                    state, request, LoginStatus.INITIATOR_ERROR, "text longer than " + limits.textBytes() + " bytes");
        }
        if (request.flags().continues()) {
            LoginFlags flags = LoginFlags.in(stage);
            return new LoginStep.Continued(
                    state.withText(text), response(state, request, flags, LoginStatus.SUCCESS, TextKeys.EMPTY));
        }
        return switch (TextKeys.parse(text.bytes())) {
            case TextKeys.Parsed.Malformed malformed ->
                refuse(state, request, LoginStatus.INITIATOR_ERROR, malformed.detail());
            case TextKeys.Parsed.Text parsed -> identified(state, request, stage, parsed.keys());
        };
    }

    private static @Nullable LoginStatus check(LoginState state, LoginRequest request) {
        LoginFlags flags = request.flags();
        LoginStage current = flags.current();
        LoginStage next = flags.next();
        if (request.versionMin() > 0) {
            return LoginStatus.UNSUPPORTED_VERSION;
        }
        if (current == null || current == LoginStage.FULL_FEATURE || (flags.transit() && flags.continues())) {
            return LoginStatus.INITIATOR_ERROR;
        }
        if (flags.transit() && (next == null || next.code() <= current.code())) {
            return LoginStatus.INITIATOR_ERROR;
        }
        return switch (state) {
            case Connected ignored -> null;
            case Negotiating going ->
                going.stage() != current
                                || !going.peer().isid().equals(request.isid())
                                || going.peer().connectionId() != request.connectionId()
                                || going.peer().tsih() != request.tsih()
                        ? LoginStatus.INITIATOR_ERROR
                        : null;
        };
    }

    private LoginStep identified(LoginState state, LoginRequest request, LoginStage stage, TextKeys keys) {
        return switch (state) {
            case Negotiating going -> progress(knowing(going, keys), request, keys, TextKeys.EMPTY);
            case Connected connected -> {
                String initiator = keys.get(KeyNames.INITIATOR_NAME);
                String type = Objects.requireNonNullElse(keys.get(KeyNames.SESSION_TYPE), KeyNames.NORMAL);
                String target = keys.get(KeyNames.TARGET_NAME);
                if (initiator == null || initiator.isEmpty()) {
                    yield refuse(state, request, LoginStatus.MISSING_PARAMETER, "no InitiatorName");
                }
                yield switch (type) {
                    case KeyNames.DISCOVERY -> {
                        if (request.tsih() != 0) {
                            yield refuse(
                                    state, request, LoginStatus.SESSION_DOES_NOT_EXIST, "discovery goes on nowhere");
                        }
                        Peer peer = new Peer(initiator, null, request.isid(), request.connectionId(), 0);
                        yield progress(
                                Negotiating.begun(connected, peer, ofDiscovery(peer, stage, keys), stage),
                                request,
                                keys,
                                TextKeys.EMPTY);
                    }
                    case KeyNames.NORMAL ->
                        target == null
                                ? refuse(state, request, LoginStatus.MISSING_PARAMETER, "no TargetName")
                                : admitted(
                                        connected,
                                        request,
                                        stage,
                                        keys,
                                        new Peer(
                                                initiator,
                                                target,
                                                request.isid(),
                                                request.connectionId(),
                                                request.tsih()));
                    default -> refuse(state, request, LoginStatus.SESSION_TYPE_NOT_SUPPORTED, "unknown SessionType");
                };
            }
        };
    }

    /** Discovery needs no proof, but names targets that do only to who has given it. */
    private Admission ofDiscovery(Peer peer, LoginStage stage, TextKeys keys) {
        String methods = Objects.requireNonNullElse(keys.get(KeyNames.AUTH_METHOD), KeyNames.NONE);
        boolean offered =
                stage == LoginStage.SECURITY && List.of(methods.split(",", -1)).contains(KeyNames.CHAP);
        return offered ? directory.discovery(peer.initiator(), null) : Admission.ANYONE;
    }

    /** A discovery session belongs to no target: whose secret it is to prove shows with its user name. */
    private Negotiating knowing(Negotiating going, TextKeys keys) {
        String user = keys.get(KeyNames.CHAP_NAME);
        boolean discovery = going.peer().target() == null;
        return discovery && user != null && going.admission().chap() != null
                ? going.with(directory.discovery(going.peer().initiator(), user))
                : going;
    }

    private LoginStep admitted(Connected connected, LoginRequest request, LoginStage stage, TextKeys keys, Peer peer) {
        String target = Objects.requireNonNull(peer.target());
        Admission admission = directory.admission(target);
        if (admission == null) {
            return refuse(connected, request, LoginStatus.NOT_FOUND, "no target " + target);
        }
        if (!admission.admits(peer.initiator())) {
            return refuse(
                    connected,
                    request,
                    LoginStatus.AUTHORIZATION_FAILURE,
                    peer.initiator() + " is not admitted to " + target);
        }
        LoginStatus apart = apart(target, peer);
        if (apart != null) {
            return refuse(connected, request, apart, "no connection of session " + peer.tsih() + " to take over");
        }
        if (!directory.hasRoom(target, peer.initiator())) {
            return refuse(connected, request, LoginStatus.OUT_OF_RESOURCES, target + " has all the sessions it takes");
        }
        TextKeys answer = TextKeys.EMPTY.with(KeyNames.TARGET_PORTAL_GROUP_TAG, "1");
        return progress(Negotiating.begun(connected, peer, admission, stage), request, keys, answer);
    }

    /** RFC 7143 §6.3.4: a login with a TSIH takes over the connection of that session; to add another is not offered. */
    private @Nullable LoginStatus apart(String target, Peer peer) {
        if (peer.tsih() == 0) {
            return null;
        }
        OpenSession open = directory.session(target, peer.initiator(), peer.isid());
        if (open == null || open.tsih() != peer.tsih()) {
            return LoginStatus.SESSION_DOES_NOT_EXIST;
        }
        return open.connectionId() == peer.connectionId() ? null : LoginStatus.TOO_MANY_CONNECTIONS;
    }

    private LoginStep progress(Negotiating state, LoginRequest request, TextKeys keys, TextKeys begun) {
        LoginDraft draft = new LoginDraft(state, begun);
        LoginStatus failure =
                state.stage() == LoginStage.SECURITY ? draft.authenticate(chap, request, keys) : requirePassed(state);
        if (failure == null) {
            failure = draft.negotiate(negotiation, offer, keys);
        }
        if (failure != null) {
            return refuse(
                    state,
                    request,
                    failure,
                    failure.equals(LoginStatus.AUTHENTICATION_FAILURE)
                            ? state.peer().initiator() + " failed to authenticate"
                            : "unlawful keys " + keys);
        }
        if (draft.answer().encode().remaining() > MAX_ANSWER) {
            return refuse(state, request, LoginStatus.INITIATOR_ERROR, "too many keys");
        }
        return answer(draft, request);
    }

    private static @Nullable LoginStatus requirePassed(Negotiating state) {
        return state.authentication() instanceof Authentication.Passed ? null : LoginStatus.AUTHENTICATION_FAILURE;
    }

    private LoginStep answer(LoginDraft draft, LoginRequest request) {
        Negotiating state = draft.state();
        boolean moves = request.flags().transit() && state.authentication() instanceof Authentication.Passed;
        LoginStage wanted = request.flags().next();
        LoginStage next = moves && wanted != null ? wanted : state.stage();
        LoginFlags flags = moves ? LoginFlags.transit(state.stage(), next) : LoginFlags.in(state.stage());
        LoginResponse response = response(state, request, flags, LoginStatus.SUCCESS, draft.answer());
        if (moves && next == LoginStage.FULL_FEATURE) {
            int received = state.declared() ? offer.segmentBytes() : PduLimits.DEFAULT_DATA_SEGMENT_BYTES;
            SessionParameters parameters =
                    SessionParameters.of(state.agreed(), state.initiatorSegmentBytes(), received);
            LoginResult result = new LoginResult(
                    state.peer(),
                    state.admission().chap(),
                    request.tsih() == 0 ? tsih : request.tsih(),
                    parameters,
                    state.statSn() + 1,
                    request.numbers().cmdSn());
            return new LoginStep.Complete(result, response);
        }
        return new LoginStep.Continued(state.answered(next), response);
    }

    private LoginStep.Refused refuse(LoginState state, LoginRequest request, LoginStatus status, String reason) {
        LoginStage stage = Objects.requireNonNullElse(request.flags().current(), LoginStage.SECURITY);
        return new LoginStep.Refused(response(state, request, LoginFlags.in(stage), status, TextKeys.EMPTY), reason);
    }

    private LoginResponse response(
            LoginState state, LoginRequest request, LoginFlags flags, LoginStatus status, TextKeys answer) {
        int cmdSn = request.numbers().cmdSn();
        boolean last = flags.transit() && flags.next() == LoginStage.FULL_FEATURE && status.success();
        return new LoginResponse(
                flags,
                0,
                0,
                request.isid(),
                last && request.tsih() == 0 ? tsih : request.tsih(), // RFC 7143 §11.13.3
                request.taskTag(),
                new ResponseNumbers(state.statSn(), cmdSn, cmdSn + limits.commandWindow() - 1),
                status,
                answer.encode());
    }
}
