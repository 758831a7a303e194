/**
 * The pools of this host. Entry: {@link io.sluice.agent.volume.HostPools} over
 * {@link io.sluice.agent.volume.DirectoryPools} (volumes as sparse files with a sidecar that keeps their standing) and other
 * kinds of {@link io.sluice.agent.volume.Pools}; {@link io.sluice.agent.volume.VolumeFiles} for who opens a volume.
 * Knows nothing of migrations' steps or of iSCSI.
 */
@NullMarked
package io.sluice.agent.volume;

import org.jspecify.annotations.NullMarked;
