package io.sluice.iscsi.initiator;

import io.sluice.iscsi.login.ChapCredentials;
import io.sluice.iscsi.login.KeyNames;
import io.sluice.iscsi.login.SessionParameters;
import io.sluice.iscsi.login.TextKeys;
import io.sluice.iscsi.pdu.Isid;
import io.sluice.iscsi.pdu.LoginFlags;
import io.sluice.iscsi.pdu.LoginRequest;
import io.sluice.iscsi.pdu.LoginResponse;
import io.sluice.iscsi.pdu.LoginStage;
import io.sluice.iscsi.pdu.LoginStatus;
import io.sluice.iscsi.pdu.PduLimits;
import io.sluice.iscsi.pdu.RequestNumbers;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One login, the initiator's side (RFC 7143 §6.3): takes the target's responses and says what to send next. Does no I/O and gets its
 * random bytes handed in. For one login and one thread.
 */
final class LoginExchange {
    /** What this initiator takes in one PDU: large enough to stream, small enough to hold for each session. */
    static final int OWN_SEGMENT_BYTES = 262_144;

    static final int NONCE_BYTES = 33;
    private static final int OFFERED_MAX_BURST_BYTES = 1 << 20;
    private static final int OFFERED_FIRST_BURST_BYTES = 262_144;
    private static final int OFFERED_OUTSTANDING_R2T = 4;

    /** A login that takes longer in texts, or in turns, than any real one is hostile. */
    private static final int MAX_TEXT_BYTES = 65_536;

    private static final int MAX_TURNS = 20;

    /** What to log in to, and as whom. A null target asks for a discovery session. */
    record Wish(@Nullable String target, InitiatorOptions options, Isid isid) {}

    sealed interface Step {
        record Send(LoginRequest request) implements Step {}

        record LoggedIn(SessionParameters parameters, int nextStatSn, int expCmdSn, int maxCmdSn) implements Step {}

        record Refused(LoginStatus status, String detail) implements Step {}
    }

    private enum Phase {
        CHOOSING_METHOD,
        CHOOSING_ALGORITHM,
        PROVING,
        OPERATIONAL
    }

    private final Wish wish;
    private final byte[] nonce;
    private final ByteArrayOutputStream text = new ByteArrayOutputStream();
    private final Map<String, String> agreed = new HashMap<>();
    private TextKeys offered = TextKeys.EMPTY;
    private int targetSegmentBytes = PduLimits.DEFAULT_DATA_SEGMENT_BYTES;
    private Phase phase;
    private int expStatSn;
    private int turns;
    private @Nullable ChapAnswer chapAnswer;

    LoginExchange(Wish wish, byte[] nonce) {
        this.wish = wish;
        this.nonce = nonce.clone();
        this.phase = wish.options.chap() == null ? Phase.OPERATIONAL : Phase.CHOOSING_METHOD;
    }

    LoginRequest first() {
        TextKeys keys = TextKeys.EMPTY
                .with(KeyNames.INITIATOR_NAME, wish.options.initiatorName())
                .with(KeyNames.SESSION_TYPE, wish.target == null ? KeyNames.DISCOVERY : KeyNames.NORMAL);
        if (wish.target != null) {
            keys = keys.with(KeyNames.TARGET_NAME, wish.target);
        }
        if (phase == Phase.CHOOSING_METHOD) {
            return request(LoginFlags.in(LoginStage.SECURITY), keys.with(KeyNames.AUTH_METHOD, KeyNames.CHAP));
        }
        return operational(keys);
    }

    Step next(LoginResponse response) {
        expStatSn = response.numbers().statSn() + 1;
        if (!response.status().success()) {
            return new Step.Refused(response.status(), LoginRefusal.explain(response.status(), wish));
        }
        byte[] piece = new byte[response.data().remaining()];
        response.data().duplicate().get(piece);
        text.writeBytes(piece);
        if (text.size() > MAX_TEXT_BYTES || ++turns > MAX_TURNS) {
            return refused("the target's login goes on and on");
        }
        LoginStage stage = phase == Phase.OPERATIONAL ? LoginStage.OPERATIONAL : LoginStage.SECURITY;
        if (response.flags().continues()) {
            return send(LoginFlags.in(stage), TextKeys.EMPTY);
        }
        TextKeys.Parsed parsed = TextKeys.parse(ByteBuffer.wrap(text.toByteArray()));
        text.reset();
        return switch (parsed) {
            case TextKeys.Parsed.Malformed malformed ->
                refused("the target's login text is malformed: " + malformed.detail());
            case TextKeys.Parsed.Text keys -> take(response, keys.keys());
        };
    }

    private Step take(LoginResponse response, TextKeys keys) {
        declare(keys);
        return switch (phase) {
            case CHOOSING_METHOD -> methodChosen(keys);
            case CHOOSING_ALGORITHM -> challenged(keys);
            case PROVING -> proven(response, keys);
            case OPERATIONAL -> negotiated(response, keys);
        };
    }

    private Step methodChosen(TextKeys keys) {
        if (!KeyNames.CHAP.equals(keys.get(KeyNames.AUTH_METHOD))) {
            return refused(
                    "the target does not want CHAP, so it would admit anyone: give no CHAP user to log in all the same");
        }
        phase = Phase.CHOOSING_ALGORITHM;
        return send(
                LoginFlags.in(LoginStage.SECURITY),
                TextKeys.EMPTY.with(KeyNames.CHAP_ALGORITHM, ChapAnswer.ALGORITHMS));
    }

    private Step challenged(TextKeys keys) {
        ChapCredentials own = wish.options.chap();
        ChapAnswer answer = own == null ? null : ChapAnswer.to(keys, own, wish.options.mutual(), nonce);
        if (answer == null) {
            return refused("the target's CHAP challenge makes no sense");
        }
        chapAnswer = answer;
        phase = Phase.PROVING;
        return send(LoginFlags.transit(LoginStage.SECURITY, LoginStage.OPERATIONAL), answer.keys());
    }

    private Step proven(LoginResponse response, TextKeys keys) {
        if (chapAnswer == null || !chapAnswer.provenBy(keys)) {
            return refused("the target did not prove that it knows the mutual CHAP secret: it may be an impostor");
        }
        if (!response.flags().transit() || response.flags().next() != LoginStage.OPERATIONAL) {
            return refused("the target accepted the CHAP proof and yet does not go on");
        }
        phase = Phase.OPERATIONAL;
        return new Step.Send(operational(TextKeys.EMPTY));
    }

    private Step negotiated(LoginResponse response, TextKeys keys) {
        TextKeys answers = TextKeys.EMPTY;
        for (TextKeys.Pair pair : keys.pairs()) {
            if (offered.get(pair.name()) != null) {
                agreed.put(pair.name(), pair.value());
            } else if (!isDeclaration(pair.name())) {
                answers = answers.with(pair.name(), KeyNames.NOT_UNDERSTOOD);
            }
        }
        if (!response.flags().transit() || response.flags().next() != LoginStage.FULL_FEATURE) {
            return send(LoginFlags.transit(LoginStage.OPERATIONAL, LoginStage.FULL_FEATURE), answers);
        }
        String unfit = unfit();
        if (unfit != null) {
            return refused(unfit);
        }
        return new Step.LoggedIn(
                SessionParameters.of(agreed, OWN_SEGMENT_BYTES, targetSegmentBytes),
                expStatSn,
                response.numbers().expCmdSn(),
                response.numbers().maxCmdSn());
    }

    /** What the target answered that this initiator cannot work with, null if nothing. */
    private @Nullable String unfit() {
        for (TextKeys.Pair offer : offered.pairs()) {
            String answer = agreed.get(offer.name());
            boolean digest =
                    offer.name().equals(KeyNames.HEADER_DIGEST) || offer.name().equals(KeyNames.DATA_DIGEST);
            if (digest && !offer.value().equals(answer == null ? KeyNames.NONE : answer)) {
                return "the target does not agree to %s=%s: switch digests off to log in without"
                        .formatted(offer.name(), offer.value());
            }
            boolean number = offer.value().matches("\\d+");
            if (number && answer != null && !answer.matches("(0[xX][0-9a-fA-F]{1,7})|\\d{1,8}")) {
                return "the target answers %s=%s, which is no number".formatted(offer.name(), answer);
            }
        }
        return null;
    }

    private void declare(TextKeys keys) {
        String segment = keys.get(KeyNames.MAX_RECV_DATA_SEGMENT_LENGTH);
        if (segment != null && segment.matches("\\d{3,8}")) {
            targetSegmentBytes = Math.max(512, Integer.parseInt(segment));
        }
    }

    private static boolean isDeclaration(String name) {
        return switch (name) {
            case KeyNames.MAX_RECV_DATA_SEGMENT_LENGTH,
                    KeyNames.TARGET_ALIAS,
                    KeyNames.TARGET_ADDRESS,
                    KeyNames.TARGET_PORTAL_GROUP_TAG,
                    KeyNames.AUTH_METHOD -> true;
            default -> false;
        };
    }

    private LoginRequest operational(TextKeys before) {
        String digest = wish.options.digests() ? KeyNames.CRC32C : KeyNames.NONE;
        TextKeys offers = TextKeys.EMPTY
                .with(KeyNames.HEADER_DIGEST, digest)
                .with(KeyNames.DATA_DIGEST, digest)
                .with(KeyNames.ERROR_RECOVERY_LEVEL, "0")
                .with(KeyNames.DEFAULT_TIME_2_WAIT, "0")
                .with(KeyNames.DEFAULT_TIME_2_RETAIN, "0")
                .with(KeyNames.MAX_RECV_DATA_SEGMENT_LENGTH, Integer.toString(OWN_SEGMENT_BYTES));
        if (wish.target != null) {
            offers = offers.with(KeyNames.MAX_CONNECTIONS, "1")
                    .with(KeyNames.INITIAL_R2T, KeyNames.NO)
                    .with(KeyNames.IMMEDIATE_DATA, KeyNames.YES)
                    .with(KeyNames.MAX_BURST_LENGTH, Integer.toString(OFFERED_MAX_BURST_BYTES))
                    .with(KeyNames.FIRST_BURST_LENGTH, Integer.toString(OFFERED_FIRST_BURST_BYTES))
                    .with(KeyNames.MAX_OUTSTANDING_R2T, Integer.toString(OFFERED_OUTSTANDING_R2T))
                    .with(KeyNames.DATA_PDU_IN_ORDER, KeyNames.YES)
                    .with(KeyNames.DATA_SEQUENCE_IN_ORDER, KeyNames.YES);
        }
        offered = offers;
        return request(LoginFlags.transit(LoginStage.OPERATIONAL, LoginStage.FULL_FEATURE), before.with(offers));
    }

    private Step send(LoginFlags flags, TextKeys keys) {
        return new Step.Send(request(flags, keys));
    }

    private LoginRequest request(LoginFlags flags, TextKeys keys) {
        return new LoginRequest(
                flags, 0, 0, wish.isid, 0, 0, 0, new RequestNumbers(Session.FIRST_CMD_SN, expStatSn), keys.encode());
    }

    private static Step refused(String detail) {
        return new Step.Refused(LoginStatus.INITIATOR_ERROR, detail);
    }
}
