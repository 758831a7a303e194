package io.sluice.iscsi.login;

import io.sluice.iscsi.pdu.LoginStatus;
import java.security.MessageDigest;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The target's side of CHAP (RFC 7143 §12.1.3, §9.2.1): from the choice of an algorithm to the proof of both sides. */
final class ChapExchange {

    /** RFC 1994 wants one as long as the digest; this is longer than any of them needs. */
    private static final int CHALLENGE_BYTES = 32;
    /** RFC 7143 §12.1.3: binary values of CHAP do not exceed this. */
    private static final int MAX_CHALLENGE_BYTES = 1024;

    private final Nonces nonces;

    ChapExchange(Nonces nonces) {
        this.nonces = nonces;
    }

    /** What was asked of an initiator. */
    record Challenge(ChapAlgorithm algorithm, int identifier, String value) {}

    /** What a step came to. */
    sealed interface Step {
        record Challenged(Challenge challenge, TextKeys answer) implements Step {}

        record Proven(TextKeys answer) implements Step {}

        record Failed(LoginStatus status) implements Step {}
    }

    Step challenge(TextKeys offered) {
        String algorithms = offered.get(KeyNames.CHAP_ALGORITHM);
        if (algorithms == null) {
            return new Step.Failed(LoginStatus.MISSING_PARAMETER);
        }
        ChapAlgorithm algorithm = Arrays.stream(algorithms.split(",", -1))
                .map(ChapAlgorithm::of)
                .filter(known -> known != null)
                .findFirst()
                .orElse(null);
        if (algorithm == null) {
            return new Step.Failed(LoginStatus.AUTHENTICATION_FAILURE);
        }
        int identifier = nonces.bytes(1)[0] & 0xff;
        Challenge challenge = new Challenge(algorithm, identifier, BinaryValue.hex(nonces.bytes(CHALLENGE_BYTES)));
        TextKeys answer = TextKeys.EMPTY
                .with(KeyNames.CHAP_ALGORITHM, Integer.toString(algorithm.number()))
                .with(KeyNames.CHAP_IDENTIFIER, Integer.toString(identifier))
                .with(KeyNames.CHAP_CHALLENGE, challenge.value);
        return new Step.Challenged(challenge, answer);
    }

    Step prove(Challenge challenge, TextKeys response, ChapCredentials expected, @Nullable ChapCredentials own) {
        String name = response.get(KeyNames.CHAP_NAME);
        String proof = response.get(KeyNames.CHAP_RESPONSE);
        byte[] asked = BinaryValue.parse(challenge.value);
        if (name == null || proof == null || asked == null) {
            return new Step.Failed(LoginStatus.MISSING_PARAMETER);
        }
        byte[] given = BinaryValue.parse(proof);
        byte[] wanted = challenge.algorithm.response(challenge.identifier, expected.secret(), asked);
        boolean proven = given != null && MessageDigest.isEqual(given, wanted);
        if (!proven || !name.equals(expected.user())) {
            return failure();
        }
        String identifier = response.get(KeyNames.CHAP_IDENTIFIER);
        String counterChallenge = response.get(KeyNames.CHAP_CHALLENGE);
        if (identifier == null && counterChallenge == null) {
            return new Step.Proven(TextKeys.EMPTY);
        }
        if (identifier == null || counterChallenge == null) {
            return new Step.Failed(LoginStatus.MISSING_PARAMETER);
        }
        return own == null ? failure() : proveOurselves(challenge, asked, identifier, counterChallenge, own);
    }

    private static Step proveOurselves(
            Challenge challenge, byte[] asked, String identifier, String counterChallenge, ChapCredentials own) {
        byte[] counter = BinaryValue.parse(counterChallenge);
        // Our own challenge coming back wants us to compute the very proof it lacks (RFC 7143 §9.2.1).
        if (counter == null
                || counter.length == 0
                || counter.length > MAX_CHALLENGE_BYTES
                || Arrays.equals(counter, asked)
                || !identifier.matches("[0-9]{1,3}|0[xX][0-9a-fA-F]{1,2}")
                || Integer.decode(decimal(identifier)) > 255) {
            return failure();
        }
        byte[] proof = challenge.algorithm.response(Integer.decode(decimal(identifier)), own.secret(), counter);
        return new Step.Proven(TextKeys.EMPTY
                .with(KeyNames.CHAP_NAME, own.user())
                .with(KeyNames.CHAP_RESPONSE, BinaryValue.hex(proof)));
    }

    /** Without leading zeros, which would read as octal. */
    private static String decimal(String number) {
        return number.startsWith("0x") || number.startsWith("0X") ? number : number.replaceFirst("^0+(?=.)", "");
    }

    private static Step failure() {
        return new Step.Failed(LoginStatus.AUTHENTICATION_FAILURE);
    }
}
