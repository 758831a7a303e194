package io.sluice.agent.api;

/**
 * Mutual CHAP (RFC 7143 §12.1.3): the initiator proves {@code secret} under {@code user}, the target proves
 * {@code mutualSecret} under {@code mutualUser}. Never printed.
 */
public record ChapSecrets(String user, String secret, String mutualUser, String mutualSecret) {
    @Override
    public String toString() {
        return "ChapSecrets[user=" + user + ", mutualUser=" + mutualUser + ", secrets withheld]";
    }
}
