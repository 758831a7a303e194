package io.sluice.orchestrator.web;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A webhook to be added.
 *
 * @param url http or https
 * @param kinds null or empty is all
 */
public record WebhookRequest(@Nullable String url, @Nullable List<String> kinds) {}
