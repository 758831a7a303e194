package io.sluice.orchestrator.cli.client;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where notices are sent.
 *
 * @param secret only where it was just made
 */
public record WebhookView(
        String id,
        String url,
        List<String> kinds,
        String keyId,
        @Nullable String secret,
        long pending,
        long dead,
        @Nullable String failingSince,
        @Nullable String lastError) {}
