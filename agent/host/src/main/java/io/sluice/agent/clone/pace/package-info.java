/**
 * How fast a volume is copied in the background, and at whose cost: pure decisions about dm-clone's settings and about the
 * guest's share. Entries: {@link io.sluice.agent.clone.pace.HydrationController} and
 * {@link io.sluice.agent.clone.pace.RegionSize}. Must know neither devices nor clocks nor commands.
 */
@NullMarked
package io.sluice.agent.clone.pace;

import org.jspecify.annotations.NullMarked;
