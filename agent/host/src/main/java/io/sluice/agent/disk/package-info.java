/**
 * Workloads' disks as devices of this kernel, {@code /dev/mapper/sluice-VOLUME}: the same path and number for the volume's life
 * on this host, whatever lies below. Entry: {@link io.sluice.agent.disk.KernelDisks}. Must not know goals or the order of a
 * migration's steps, nor how what lies below is made.
 */
@NullMarked
package io.sluice.agent.disk;

import org.jspecify.annotations.NullMarked;
