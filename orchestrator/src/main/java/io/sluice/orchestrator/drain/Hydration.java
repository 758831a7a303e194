package io.sluice.orchestrator.drain;

/**
 * Copying, over the whole fleet.
 *
 * @param hydratedBytes became local so far: copied, skipped as holes or written anew
 * @param copiedBytes of these crossed the wire
 * @param exposedBytes running workloads still need from their sources; what was not yet observed to be local counts
 */
public record Hydration(long hydratedBytes, long copiedBytes, long exposedBytes) {}
