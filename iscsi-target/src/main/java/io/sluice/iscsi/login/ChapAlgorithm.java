package io.sluice.iscsi.login;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import org.jspecify.annotations.Nullable;

/** The algorithms of CHAP spoken here, by their IANA numbers (RFC 7143 §12.1.3; PPP authentication algorithms). */
public enum ChapAlgorithm {
    MD5(5, "MD5"),
    SHA_256(7, "SHA-256"),
    SHA3_256(8, "SHA3-256");

    private final int number;
    private final String digestName;

    ChapAlgorithm(int number, String digestName) {
        this.number = number;
        this.digestName = digestName;
    }

    public int number() {
        return number;
    }

    /** The algorithm of a value of CHAP_A, null if it is not spoken here. */
    public static @Nullable ChapAlgorithm of(String value) {
        for (ChapAlgorithm algorithm : values()) {
            if (Integer.toString(algorithm.number).equals(value.strip())) {
                return algorithm;
            }
        }
        return null;
    }

    /** What proves that one knows {@code secret} (RFC 1994 §4.1). */
    public byte[] response(int identifier, byte[] secret, byte[] challenge) {
        try {
            MessageDigest digest = MessageDigest.getInstance(digestName);
            digest.update((byte) identifier);
            digest.update(secret);
            return digest.digest(challenge);
        } catch (NoSuchAlgorithmException missing) {
            throw new IllegalStateException("this Java runtime lacks " + digestName, missing);
        }
    }
}
