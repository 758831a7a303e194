package io.sluice.iscsi.login;

import io.sluice.iscsi.pdu.Isid;
import io.sluice.iscsi.pdu.LoginFlags;
import io.sluice.iscsi.pdu.LoginRequest;
import io.sluice.iscsi.pdu.LoginResponse;
import io.sluice.iscsi.pdu.LoginStage;
import io.sluice.iscsi.pdu.RequestNumbers;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Whatever an initiator says: a login ends in an answer, nobody gets past CHAP without the proof, and what is held of its texts
 * stays within the limit.
 *
 * <p>Input, for each request: a byte of flags as on the wire, a byte of odd fields, the length of the text in two bytes, the text.
 * In a text, byte 1 stands for the right CHAP_N and CHAP_R, bytes 2 to 4 for what names the initiator and one of three targets.
 */
public final class LoginFuzz {

    private static final ChapCredentials USER =
            new ChapCredentials("user", "secretsecret1".getBytes(StandardCharsets.US_ASCII));
    private static final ChapCredentials OWN =
            new ChapCredentials("self", "othersecret12".getBytes(StandardCharsets.US_ASCII));
    private static final String OPEN = "iqn.x:open";
    private static final String GUARDED = "iqn.x:guarded";
    private static final String MUTUAL = "iqn.x:mutual";
    private static final Map<String, Admission> TARGETS = Map.of(
            OPEN, Admission.ANYONE,
            GUARDED, new Admission("iqn.x:host", USER, null),
            MUTUAL, new Admission(null, USER, OWN));
    private static final int TEXT_LIMIT = 2048;
    private static final int LONGEST_ANSWER = 8192;

    private LoginState state = LoginState.Connected.FIRST;
    private @Nullable TextKeys challenge;
    private boolean proofGiven;
    private int statSn;

    private LoginFuzz() {}

    public static void fuzzerTestOneInput(byte[] input) {
        new LoginFuzz().run(ByteBuffer.wrap(input));
    }

    private static final class Directory implements TargetDirectory {
        @Override
        public @Nullable Admission admission(String targetName) {
            return TARGETS.get(targetName);
        }

        @Override
        public Admission discovery(String initiatorName, @Nullable String user) {
            return new Admission(null, USER, null);
        }

        @Override
        public OpenSession session(String targetName, String initiatorName, Isid isid) {
            return new OpenSession(1, 0);
        }

        @Override
        public boolean hasRoom(String targetName, String initiatorName) {
            return !initiatorName.endsWith("full");
        }
    }

    private void run(ByteBuffer input) {
        LoginMachine machine = new LoginMachine(
                new Directory(), LoginClient::counted, TargetOffer.DEFAULT, new LoginLimits(TEXT_LIMIT, 32), 7);
        while (input.remaining() >= 4) {
            LoginStep step = machine.step(state, request(input));
            answered(step.response());
            switch (step) {
                case LoginStep.Continued continued -> {
                    state = continued.state();
                    check(
                            state.text().length() <= TEXT_LIMIT,
                            "holds a text of " + state.text().length());
                }
                case LoginStep.Refused refused -> {
                    check(!refused.response().status().success(), "refused with success");
                    return;
                }
                case LoginStep.Complete complete -> {
                    complete(complete.result());
                    return;
                }
            }
        }
    }

    private LoginRequest request(ByteBuffer input) {
        int flags = input.get();
        int odd = input.get();
        int length = Math.min(input.getShort() & 0xfff, input.remaining());
        byte[] text = new byte[length];
        input.get(text);
        return new LoginRequest(
                new LoginFlags((flags & 0x80) != 0, (flags & 0x40) != 0, stage(flags >> 2), stage(flags)),
                0,
                odd & 1,
                new Isid(odd & 2),
                odd & 4,
                1,
                odd & 8,
                new RequestNumbers(100, 0),
                ByteBuffer.wrap(replaced(text)));
    }

    private static @Nullable LoginStage stage(int code) {
        return switch (code & 3) {
            case 0 -> LoginStage.SECURITY;
            case 1 -> LoginStage.OPERATIONAL;
            case 3 -> LoginStage.FULL_FEATURE;
            default -> null;
        };
    }

    private byte[] replaced(byte[] text) {
        StringBuilder all = new StringBuilder();
        for (byte one : text) {
            switch (one) {
                case 1 -> all.append(proof());
                case 2 -> all.append("InitiatorName=iqn.x:host\0TargetName=" + OPEN);
                case 3 -> all.append("InitiatorName=iqn.x:host\0TargetName=" + GUARDED);
                case 4 -> all.append("InitiatorName=iqn.x:host\0TargetName=" + MUTUAL);
                default -> all.append((char) (one & 0xff));
            }
        }
        return all.toString().getBytes(StandardCharsets.ISO_8859_1);
    }

    private String proof() {
        TextKeys asked = challenge;
        byte[] question = asked == null ? null : BinaryValue.parse(String.valueOf(asked.get(KeyNames.CHAP_CHALLENGE)));
        ChapAlgorithm algorithm =
                asked == null ? null : ChapAlgorithm.of(String.valueOf(asked.get(KeyNames.CHAP_ALGORITHM)));
        if (asked == null || question == null || algorithm == null) {
            return "CHAP_R=0x00";
        }
        proofGiven = true;
        int identifier = Integer.parseInt(String.valueOf(asked.get(KeyNames.CHAP_IDENTIFIER)));
        return "CHAP_N=user\0CHAP_R=" + BinaryValue.hex(algorithm.response(identifier, USER.secret(), question));
    }

    private void answered(LoginResponse response) {
        check(
                response.numbers().statSn() == statSn++,
                "StatSN " + response.numbers().statSn());
        check(
                response.data().remaining() <= LONGEST_ANSWER,
                "an answer of " + response.data().remaining());
        check(!(response.flags().transit() && response.flags().continues()), "T and C together");
        switch (TextKeys.parse(response.data())) {
            case TextKeys.Parsed.Malformed malformed -> throw new AssertionError(malformed.detail());
            case TextKeys.Parsed.Text text -> {
                if (text.keys().get(KeyNames.CHAP_CHALLENGE) != null) {
                    challenge = text.keys();
                }
            }
        }
    }

    private void complete(LoginResult result) {
        String target = result.peer().target();
        boolean guarded = GUARDED.equals(target) || MUTUAL.equals(target);
        check(!guarded || proofGiven, "got in without a proof");
        check(result.proven() == null || proofGiven, "counts as proven without a proof");
        SessionParameters agreed = result.parameters();
        check(agreed.initiatorSegmentBytes() >= 512, "segments of " + agreed.initiatorSegmentBytes());
        check(agreed.firstBurstBytes() <= agreed.maxBurstBytes(), "FirstBurstLength beyond MaxBurstLength");
        check(agreed.firstBurstBytes() <= TargetOffer.DEFAULT.firstBurstBytes(), "more unasked than offered");
        check(agreed.maxBurstBytes() <= TargetOffer.DEFAULT.maxBurstBytes(), "a longer burst than offered");
    }

    private static void check(boolean holds, String otherwise) {
        if (!holds) {
            throw new AssertionError(otherwise);
        }
    }
}
