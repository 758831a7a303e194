/**
 * The whole of deciding and doing in one thread under a virtual clock: the real machine, projection, planner and reconciler
 * against the real agent logic over fake hosts, with lost, repeated, delayed and reordered messages, crashes and restarts.
 * Entry: {@link io.sluice.orchestrator.simulation.Simulation}. The design's invariants are checked after every event.
 */
@NullMarked
package io.sluice.orchestrator.simulation;

import org.jspecify.annotations.NullMarked;
