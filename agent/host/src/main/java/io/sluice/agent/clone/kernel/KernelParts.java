package io.sluice.agent.clone.kernel;

import io.sluice.agent.attach.Sources;
import io.sluice.agent.command.Commands;
import io.sluice.agent.devicemapper.DeviceMapper;
import io.sluice.agent.volume.VolumeFiles;
import java.nio.file.Path;

/**
 * What kernel clones are made of.
 *
 * @param sources a session of the agent's own with an export, for what the kernel's initiator cannot ask: holes, checksums
 * @param sysfs {@code /sys}
 */
public record KernelParts(
        DeviceMapper mapper,
        Commands commands,
        Attachments attachments,
        Sources sources,
        VolumeFiles volumes,
        VolumeGroups groups,
        GuestThrottles throttles,
        Path sysfs) {}
