/**
 * The clone engine of the Linux kernel: dm-clone on a logical volume, dm-era above it as the record of what the workload wrote,
 * paced by {@link io.sluice.agent.clone.pace} and verified against the source's checksums. Entry:
 * {@link io.sluice.agent.clone.kernel.KernelClones}. Must not know goals, nor the order of a migration's steps.
 *
 * <p>What is relied on of dm-clone ({@code Documentation/admin-guide/device-mapper/dm-clone.rst}, drivers/md/dm-clone-target.c):
 * metadata whose first 4 KiB are zero is formatted, any other is opened, so they are zeroed once and never again; a discard of a
 * region whose copy is in flight loses later writes, so holes are marked with copying off and nothing in flight; a live clone
 * gets no new table, but for a failed one whose metadata are well again.
 */
@NullMarked
package io.sluice.agent.clone.kernel;

import org.jspecify.annotations.NullMarked;
