package io.sluice.orchestrator.security;

import io.sluice.orchestrator.settings.Role;
import io.sluice.orchestrator.settings.Secrets;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Which role a token gives. Compares digests in constant time, so that neither content nor length leaks. */
@Component
final class OperatorTokens {
    private final Map<Role, byte[]> digests = new EnumMap<>(Role.class);

    OperatorTokens(Secrets secrets) {
        secrets.tokens().forEach((role, token) -> digests.put(role, digest(token)));
    }

    /** The most powerful role this token gives; null for an unknown token. */
    @Nullable
    Role roleOf(String token) {
        byte[] digest = digest(token);
        Role found = null;
        for (Map.Entry<Role, byte[]> known : digests.entrySet()) {
            if (MessageDigest.isEqual(known.getValue(), digest)) {
                found = known.getKey();
            }
        }
        return found;
    }

    private static byte[] digest(String token) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
