package io.sluice.iscsi.login;

import java.security.MessageDigest;
import org.jspecify.annotations.Nullable;

/**
 * Who may log in to a target.
 *
 * @param initiator the one initiator name admitted, null for any
 * @param chap what the initiator has to prove, null for no authentication
 * @param mutual what the target proves when the initiator asks for it; only together with {@code chap}
 */
public record Admission(
        @Nullable String initiator,
        @Nullable ChapCredentials chap,
        @Nullable ChapCredentials mutual) {

    public static final Admission ANYONE = new Admission(null, null, null);

    public Admission {
        if (mutual != null && chap == null) {
            throw new IllegalArgumentException("mutual CHAP needs CHAP credentials of the initiator as well");
        }
        // RFC 7143 §9.2.1: a secret is never used in both directions.
        if (mutual != null && chap != null && MessageDigest.isEqual(mutual.secret(), chap.secret())) {
            throw new IllegalArgumentException("the CHAP secrets of the two directions must differ");
        }
    }

    /** Whether the initiator of this name is admitted, if it can authenticate itself. */
    public boolean admits(String initiatorName) {
        return initiator == null || initiator.equalsIgnoreCase(initiatorName);
    }
}
