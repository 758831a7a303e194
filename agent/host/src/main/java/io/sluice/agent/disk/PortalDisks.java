package io.sluice.agent.disk;

import io.sluice.agent.api.FailureKind;
import io.sluice.agent.api.Portal;
import io.sluice.agent.api.VolumeId;
import io.sluice.agent.attach.kernel.AttachmentOrder;
import io.sluice.agent.attach.kernel.KernelAttachments;
import io.sluice.agent.devicemapper.DeviceMapper.Access;
import io.sluice.agent.devicemapper.DeviceName;
import io.sluice.agent.reconcile.DiskBacking;
import io.sluice.agent.reconcile.DiskState;
import io.sluice.agent.reconcile.Disks;
import io.sluice.agent.reconcile.HostActionException;
import io.sluice.agent.volume.VolumeFiles.VolumeFile;
import io.sluice.iscsi.initiator.DiskAddress;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Disks that the agent itself serves on its loopback portal, as devices of the kernel it runs on. While the agent is away
 * they wait.
 */
public final class PortalDisks {
    private final Disks fronts;
    private final KernelAttachments attachments;
    private final String initiator;

    /**
     * @param fronts the disks on the portal
     * @param initiator the name this host logs in under
     */
    public PortalDisks(Disks fronts, KernelAttachments attachments, String initiator) {
        this.fronts = fronts;
        this.attachments = attachments;
        this.initiator = initiator;
    }

    /** What the volume's front is served from; null while it is not served. */
    @Nullable
    DiskBacking backing(VolumeId volume) {
        DiskState front = front(volume);
        return front == null ? null : front.backing();
    }

    /** Serves the disk, or swaps what is behind it, and attaches it; returns its device. */
    Path raise(VolumeId volume, VolumeFile file, DiskBacking backing) {
        fronts.serve(volume, backing);
        DiskState front = front(volume);
        if (front == null) {
            throw new HostActionException(
                    "DISK_NOT_SERVED",
                    FailureKind.RETRY,
                    "the disk of volume " + volume
                            + " is not on the portal though it was just served; it is tried again");
        }
        return attachments.attach(order(volume, file, front));
    }

    private AttachmentOrder order(VolumeId volume, VolumeFile file, DiskState front) {
        DiskAddress address = DiskAddress.parse(front.address());
        return new AttachmentOrder(
                DeviceName.portal(volume),
                volume,
                null,
                new AttachmentOrder.Node(
                        address.target(), new Portal(address.host(), address.port()), initiator, login(front)),
                new AttachmentOrder.Disk(file.sizeBytes(), file.blockBytes(), volume.value(), Access.READ_WRITE));
    }

    private static AttachmentOrder.Login login(DiskState front) {
        String user = front.user();
        Path secret = front.secretFile();
        if (user == null || secret == null) {
            throw new IllegalStateException("the portal serves " + front.volume() + " without a secret");
        }
        try {
            return new AttachmentOrder.Login(user, Files.readString(secret).strip(), null, null);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the secret of disk " + front.volume(), e);
        }
    }

    /** Detaches the disk, then closes it; harmless when it is not served. */
    void drop(VolumeId volume) {
        attachments.detach(DeviceName.portal(volume));
        fronts.withdraw(volume);
    }

    private @Nullable DiskState front(VolumeId volume) {
        return fronts.observe().stream()
                .filter(front -> front.volume().equals(volume))
                .findFirst()
                .orElse(null);
    }
}
