package io.sluice.agent.clone.kernel;

import io.sluice.agent.api.AttachmentReport;
import io.sluice.agent.api.VolumeId;
import io.sluice.agent.attach.kernel.AttachmentOrder;
import io.sluice.agent.attach.kernel.AttachmentState;
import io.sluice.agent.attach.kernel.KernelAttachments;
import io.sluice.agent.devicemapper.DeviceName;
import io.sluice.agent.reconcile.CloneOrder;
import org.jspecify.annotations.Nullable;

/** Sources by the kernel's initiator, each under its multipath map. */
public final class SourceMaps implements Attachments {
    private static final int SMALL_BLOCK_BYTES = 512;

    private final KernelAttachments attachments;

    public SourceMaps(KernelAttachments attachments) {
        this.attachments = attachments;
    }

    @Override
    public void attach(CloneOrder order) {
        attachments.attach(AttachmentOrder.source(order));
    }

    /** A map without a path passes for one of 512-byte blocks: with larger ones the source must answer first. */
    @Override
    public void attachLater(CloneOrder order) {
        if (order.volume().blockBytes() == SMALL_BLOCK_BYTES) {
            attachments.attachLater(AttachmentOrder.source(order));
        } else {
            attachments.attach(AttachmentOrder.source(order));
        }
    }

    @Override
    public @Nullable AttachmentReport report(VolumeId volume) {
        String map = DeviceName.source(volume).value();
        for (AttachmentState found : attachments.observe()) {
            if (found.map().equals(map)) {
                return found.report();
            }
        }
        return null;
    }

    @Override
    public void detach(VolumeId volume) {
        attachments.detach(DeviceName.source(volume));
    }
}
