/**
 * Disks as the target serves them and as clone devices are built from them. Entry: {@link io.sluice.iscsi.block.BlockDevice}.
 * Knows nothing of SCSI or iSCSI.
 */
@NullMarked
package io.sluice.iscsi.block;

import org.jspecify.annotations.NullMarked;
