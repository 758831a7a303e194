/**
 * The iSCSI initiator (RFC 7143): a remote LUN as a {@link io.sluice.iscsi.block.BlockDevice}. Entry:
 * {@link io.sluice.iscsi.initiator.IscsiDisk}; {@link io.sluice.iscsi.initiator.Discovery} asks a portal for its targets. Plain
 * sockets and few threads, so that a program using it starts fast. Knows nothing of the target's side, nor of what the disk is for.
 */
@NullMarked
package io.sluice.iscsi.initiator;

import org.jspecify.annotations.NullMarked;
