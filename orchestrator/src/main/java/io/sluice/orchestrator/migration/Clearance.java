package io.sluice.orchestrator.migration;

import io.sluice.orchestrator.reason.Reason;
import org.jspecify.annotations.Nullable;

/**
 * Whether operators and other migrations let this one take its next step.
 *
 * @param begin why it may not begin yet; null when its drain may and a slot is free on both hosts
 * @param cutover why it may not enter its cutover yet; null when its drain may and no member of its group is in one
 * @param destinationOpen false when the destination takes nothing new: what has not entered its cutover is given up
 */
public record Clearance(@Nullable Reason begin, @Nullable Reason cutover, boolean destinationOpen) {
    public static final Clearance FREE = new Clearance(null, null, true);
}
