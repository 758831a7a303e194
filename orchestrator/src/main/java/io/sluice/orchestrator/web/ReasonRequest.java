package io.sluice.orchestrator.web;

import org.jspecify.annotations.Nullable;

/**
 * Body of what operators ask of a drain or a migration; it may be left out.
 *
 * @param reason for people; kept with who asked; at most 500 characters
 */
public record ReasonRequest(@Nullable String reason) {}
