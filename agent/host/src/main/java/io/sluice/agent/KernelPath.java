package io.sluice.agent;

import io.sluice.agent.AgentConfiguration.DiskMode;
import io.sluice.agent.attach.IscsiSources;
import io.sluice.agent.attach.kernel.KernelAttachments;
import io.sluice.agent.check.HostAbilities;
import io.sluice.agent.clone.kernel.BoundedSources;
import io.sluice.agent.clone.kernel.CgroupThrottles;
import io.sluice.agent.clone.kernel.CloneWatch;
import io.sluice.agent.clone.kernel.KernelClones;
import io.sluice.agent.clone.kernel.KernelParts;
import io.sluice.agent.clone.kernel.SourceMaps;
import io.sluice.agent.clone.pace.HydrationPolicy;
import io.sluice.agent.command.Commands;
import io.sluice.agent.devicemapper.DeviceMapper;
import io.sluice.agent.devicemapper.ScanRules;
import io.sluice.agent.disk.KernelDisks;
import io.sluice.agent.disk.PortalDisks;
import io.sluice.agent.reconcile.Disks;
import io.sluice.agent.volume.Pools;
import io.sluice.agent.volume.VolumeFiles;
import io.sluice.agent.workload.ControlGroups;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What this host's kernel does for the agent, where it can: disks as devices, sessions of its own initiator. */
final class KernelPath implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(KernelPath.class);
    private static final Path SYSFS = Path.of("/sys");

    private final Commands commands;
    private final DeviceMapper mapper;
    private final KernelAttachments attachments;
    private final String initiator;
    private final List<CloneWatch> watches = new ArrayList<>();

    private KernelPath(Commands commands, Path stateDirectory, String initiator) {
        this.commands = commands;
        this.mapper = DeviceMapper.ofThisHost(commands);
        this.attachments = new KernelAttachments(mapper, commands, KernelAttachments.Places.ofThisHost(stateDirectory));
        this.initiator = initiator;
    }

    /**
     * Null where disks are to come from the portal.
     *
     * @throws IllegalStateException the kernel is asked for and something is missing
     */
    static @Nullable KernelPath open(
            DiskMode mode, HostAbilities abilities, Commands commands, Path stateDirectory, String initiator) {
        if (mode == DiskMode.PORTAL) {
            return null;
        }
        List<String> missing = abilities.missingForDisks();
        if (!missing.isEmpty()) {
            if (mode == DiskMode.KERNEL) {
                throw new IllegalStateException("disks: kernel is asked for, but " + String.join("; ", missing)
                        + ": mend that, or set 'disks: portal'");
            }
            log.info("disks come from the portal: {}", String.join("; ", missing));
            return null;
        }
        ScanRules.install(Path.of("/run/udev"), commands);
        KernelPath kernel = new KernelPath(commands, stateDirectory, initiator);
        kernel.attachments.watch();
        return kernel;
    }

    /** @param fronts the disks on the portal, through which volumes come that are no devices */
    Disks disks(VolumeFiles volumes, KernelClones clones, Disks fronts) {
        KernelDisks disks =
                new KernelDisks(mapper, SYSFS, volumes, clones, new PortalDisks(fronts, attachments, initiator));
        disks.resumeLeftSuspended();
        return disks;
    }

    /**
     * Clones by dm-clone, driven until this is closed.
     *
     * @param news called as soon as a clone is whole or in trouble
     */
    KernelClones clones(Pools pools, ControlGroups groups, Path stateDirectory, HydrationPolicy policy, Runnable news) {
        KernelParts kernel = new KernelParts(
                mapper,
                commands,
                new SourceMaps(attachments),
                new BoundedSources(new IscsiSources()),
                pools,
                pools::volumeGroup,
                new CgroupThrottles(groups::of),
                SYSFS);
        KernelClones clones = new KernelClones(kernel, StateDirectory.kernelClones(stateDirectory), policy);
        CloneWatch watch = new CloneWatch(clones, mapper, news);
        watches.add(watch);
        watch.start();
        return clones;
    }

    /** Disks, clones and sessions stay. */
    @Override
    public void close() {
        watches.forEach(CloneWatch::close);
        attachments.close();
    }
}
