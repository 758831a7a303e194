/**
 * Pools in LVM volume groups: volumes as thin or plain logical volumes whose standing is kept in their tags. Entry:
 * {@link io.sluice.agent.volume.lvm.LvmPools}. Knows nothing of migrations' steps, of clone devices or of iSCSI.
 *
 * <p>A logical volume is a volume when it carries the tag {@code sluice} and is none of those that keep a clone's metadata
 * (tag {@code sluice.metadata}, or a name {@code sluice-….meta} or {@code sluice-….era}). Its name is the volume's id; a
 * retired copy is called {@code <volume>+<epoch>}, so that a newer one may take the plain name. Tag, read-only flag and all
 * change in one commit of the group's metadata.
 */
@NullMarked
package io.sluice.agent.volume.lvm;

import org.jspecify.annotations.NullMarked;
