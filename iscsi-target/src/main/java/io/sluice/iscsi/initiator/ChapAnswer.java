package io.sluice.iscsi.initiator;

import io.sluice.iscsi.login.BinaryValue;
import io.sluice.iscsi.login.ChapAlgorithm;
import io.sluice.iscsi.login.ChapCredentials;
import io.sluice.iscsi.login.KeyNames;
import io.sluice.iscsi.login.TextKeys;
import java.security.MessageDigest;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The initiator's side of CHAP (RFC 7143 §12.1.3): answers the target's challenge and, for mutual CHAP, checks the target's answer to
 * a challenge of its own. Pure.
 */
final class ChapAnswer {
    /** Strongest first: the target takes the first that it knows. */
    static final String ALGORITHMS = "8,7,5";

    /** RFC 7143 §12.1.3: binary values of CHAP do not exceed this. */
    private static final int MAX_CHALLENGE_BYTES = 1024;

    private final TextKeys keys;
    private final byte @Nullable [] expectedProof;
    private final @Nullable String expectedUser;

    /** A null proof: the target need not prove anything. */
    private ChapAnswer(TextKeys keys, byte @Nullable [] expectedProof, @Nullable String expectedUser) {
        this.keys = keys;
        this.expectedProof = expectedProof;
        this.expectedUser = expectedUser;
    }

    /**
     * Null when the challenge is malformed, names an algorithm that was not offered, or only repeats our own.
     *
     * @param nonce fresh random bytes: the first is the identifier of our challenge, the rest the challenge
     */
    static @Nullable ChapAnswer to(
            TextKeys challenge, ChapCredentials own, @Nullable ChapCredentials mutual, byte[] nonce) {
        String algorithmNumber = challenge.get(KeyNames.CHAP_ALGORITHM);
        String identifier = challenge.get(KeyNames.CHAP_IDENTIFIER);
        String value = challenge.get(KeyNames.CHAP_CHALLENGE);
        ChapAlgorithm algorithm = algorithmNumber == null ? null : ChapAlgorithm.of(algorithmNumber);
        byte[] asked = value == null ? null : BinaryValue.parse(value);
        if (algorithm == null
                || identifier == null
                || !identifier.matches("\\d{1,3}")
                || asked == null
                || asked.length == 0
                || asked.length > MAX_CHALLENGE_BYTES) {
            return null;
        }
        byte[] proof = algorithm.response(Integer.parseInt(identifier), own.secret(), asked);
        TextKeys keys = TextKeys.EMPTY
                .with(KeyNames.CHAP_NAME, own.user())
                .with(KeyNames.CHAP_RESPONSE, BinaryValue.hex(proof));
        if (mutual == null) {
            return new ChapAnswer(keys, null, null);
        }
        byte[] ours = Arrays.copyOfRange(nonce, 1, nonce.length);
        if (Arrays.equals(ours, asked)) {
            return null;
        }
        int ownIdentifier = nonce[0] & 0xFF;
        return new ChapAnswer(
                keys.with(KeyNames.CHAP_IDENTIFIER, Integer.toString(ownIdentifier))
                        .with(KeyNames.CHAP_CHALLENGE, BinaryValue.hex(ours)),
                algorithm.response(ownIdentifier, mutual.secret(), ours),
                mutual.user());
    }

    /** What is sent. */
    TextKeys keys() {
        return keys;
    }

    /** Whether the target proved what was asked of it; true where nothing was. */
    boolean provenBy(TextKeys response) {
        if (expectedProof == null) {
            return true;
        }
        String proof = response.get(KeyNames.CHAP_RESPONSE);
        byte[] given = proof == null ? null : BinaryValue.parse(proof);
        return given != null
                && MessageDigest.isEqual(given, expectedProof)
                && expectedUser != null
                && expectedUser.equals(response.get(KeyNames.CHAP_NAME));
    }
}
