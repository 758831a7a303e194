package io.sluice.orchestrator.drain;

import io.sluice.orchestrator.plan.DrainPlan;

/** A plan with its name; plans of one dry run share theirs. */
public record StoredPlan(String id, DrainPlan plan) {}
