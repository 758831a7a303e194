/**
 * The portable clone engine: a local disk and a remote source seen as one disk, with a persistent, crash-consistent hydration
 * map, as dm-clone does it in the kernel ({@code Documentation/admin-guide/device-mapper/dm-clone.rst}). Entry:
 * {@link io.sluice.agent.clone.CloneDevice}. Needs only {@link io.sluice.iscsi.block.BlockDevice}; must not know iSCSI, specs
 * or how the source is reached.
 */
@NullMarked
package io.sluice.agent.clone;

import org.jspecify.annotations.NullMarked;
