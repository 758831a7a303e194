package io.sluice.orchestrator.drain;

import io.sluice.orchestrator.plan.DrainPlan;
import org.jspecify.annotations.Nullable;

/**
 * A plan with its name.
 *
 * @param id null for a dry run, which is kept nowhere
 */
public record StoredPlan(@Nullable String id, DrainPlan plan) {}
