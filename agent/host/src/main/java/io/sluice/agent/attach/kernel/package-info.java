/**
 * Disks of other machines, or of this one's own portal, as the kernel's initiator gives them: a session of open-iscsi, its SCSI
 * disk, and a one-path multipath map over that, under which the disk may come and go while whoever reads the map waits. Entry:
 * {@link io.sluice.agent.attach.kernel.KernelAttachments}. Must not know what is built on a map.
 *
 * <p>Sessions, disks and maps live longer than the agent. What must be known to find and end them after a crash is on
 * record before they are made; the kernel's own tree ({@code /sys}) says what there is.
 */
@NullMarked
package io.sluice.agent.attach.kernel;

import org.jspecify.annotations.NullMarked;
