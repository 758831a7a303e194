package io.sluice.orchestrator.web;

import io.sluice.orchestrator.alert.Webhook;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where notices are sent.
 *
 * @param kinds of notices it gets, or beginnings of them up to a dot; empty is all
 * @param keyId names the secret that signs
 * @param secret only in the answer to the call that made it
 * @param pending notices that wait to be delivered
 * @param dead notices that were given up; POST …/retry tries them again
 */
public record WebhookView(
        String id,
        String url,
        List<String> kinds,
        String keyId,
        @Nullable String secret,
        String createdBy,
        long pending,
        long dead,
        @Nullable Instant failingSince,
        @Nullable String lastError) {

    static WebhookView of(Webhook webhook) {
        return of(webhook, null);
    }

    static WebhookView of(Webhook.Made made) {
        return of(made.webhook(), made.secret());
    }

    private static WebhookView of(Webhook webhook, @Nullable String secret) {
        return new WebhookView(
                webhook.id(),
                webhook.url().toString(),
                webhook.kinds(),
                webhook.keyId(),
                secret,
                webhook.createdBy(),
                webhook.pending(),
                webhook.dead(),
                webhook.failingSince(),
                webhook.lastError());
    }
}
