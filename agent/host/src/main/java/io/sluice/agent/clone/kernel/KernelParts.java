package io.sluice.agent.clone.kernel;

import io.sluice.agent.command.Commands;
import io.sluice.agent.devicemapper.DeviceMapper;
import io.sluice.agent.volume.VolumeFiles;
import java.nio.file.Path;

/**
 * What kernel clones are made of.
 *
 * @param sources sessions of the agent's own with exports, for what the kernel's initiator cannot ask: holes, checksums
 * @param sysfs {@code /sys}
 */
public record KernelParts(
        DeviceMapper mapper,
        Commands commands,
        Attachments attachments,
        BoundedSources sources,
        VolumeFiles volumes,
        VolumeGroups groups,
        GuestThrottles throttles,
        Path sysfs) {}
