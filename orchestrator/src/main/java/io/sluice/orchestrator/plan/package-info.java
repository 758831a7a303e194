/**
 * Where everything on a worker should go: fleet snapshot in, {@link io.sluice.orchestrator.plan.DrainPlan} out. Entry:
 * {@link io.sluice.orchestrator.plan.DrainPlanner}; {@link io.sluice.orchestrator.plan.PlanCheck} verifies every plan by its
 * own reckoning. Pure: no clock, I/O, thread or randomness; must not know migrations, a database or Spring.
 */
@NullMarked
package io.sluice.orchestrator.plan;

import org.jspecify.annotations.NullMarked;
