package io.sluice.orchestrator.alert;

import java.net.URI;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where notices are sent.
 *
 * @param kinds of notices it gets; empty is all
 * @param keyId names the secret its deliveries are signed with; changes with it
 * @param pending notices that wait to be delivered
 * @param dead notices that were given up
 * @param failingSince since when nothing could be delivered; null while it works
 */
public record Webhook(
        String id,
        URI url,
        List<String> kinds,
        String keyId,
        String createdBy,
        long pending,
        long dead,
        @Nullable Instant failingSince,
        @Nullable String lastError) {
    public Webhook {
        kinds = List.copyOf(kinds);
    }

    /** A webhook whose secret was just made: the only time it is shown. */
    public record Made(Webhook webhook, String secret) {}
}
