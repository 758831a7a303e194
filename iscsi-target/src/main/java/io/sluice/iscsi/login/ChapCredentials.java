package io.sluice.iscsi.login;

import java.util.Arrays;
import java.util.Objects;

/** A CHAP user and secret. Never printed. */
public final class ChapCredentials {

    private final String user;
    private final byte[] secret;

    public ChapCredentials(String user, byte[] secret) {
        if (user.isEmpty() || secret.length == 0) {
            throw new IllegalArgumentException("CHAP needs a user and a secret, one is empty");
        }
        this.user = user;
        this.secret = secret.clone();
    }

    public String user() {
        return user;
    }

    public byte[] secret() {
        return secret.clone();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ChapCredentials that && user.equals(that.user) && Arrays.equals(secret, that.secret);
    }

    @Override
    public int hashCode() {
        return Objects.hash(user, Arrays.hashCode(secret));
    }

    @Override
    public String toString() {
        return "ChapCredentials[user=" + user + ", secret=<redacted>]";
    }
}
