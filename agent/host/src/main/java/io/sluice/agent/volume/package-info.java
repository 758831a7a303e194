/**
 * Directory pools: volumes as sparse files with a sidecar that keeps their standing. Entry:
 * {@link io.sluice.agent.volume.DirectoryPools}; {@link io.sluice.agent.volume.VolumeFiles} for who opens a volume's file.
 * Knows nothing of migrations' steps or of iSCSI.
 */
@NullMarked
package io.sluice.agent.volume;

import org.jspecify.annotations.NullMarked;
