/**
 * The SCSI half of the target (SPC-4, SBC-3): decodes command descriptor blocks and runs them against disks. Entry:
 * {@link io.sluice.iscsi.scsi.LogicalUnitServer}. Knows blocks and sense data; knows nothing of iSCSI, sessions or sockets.
 */
@NullMarked
package io.sluice.iscsi.scsi;

import org.jspecify.annotations.NullMarked;
