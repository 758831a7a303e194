/**
 * Disks as the target serves them and as clone devices are built from them. Entry: {@link io.sluice.iscsi.block.BlockDevice};
 * {@link io.sluice.iscsi.block.FileDisk} is a sparse file or block device of this host, {@link io.sluice.iscsi.block.MemoryDisk}
 * lives in memory. Knows nothing of SCSI or iSCSI.
 */
@NullMarked
package io.sluice.iscsi.block;

import org.jspecify.annotations.NullMarked;
