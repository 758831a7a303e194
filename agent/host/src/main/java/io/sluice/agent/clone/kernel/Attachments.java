package io.sluice.agent.clone.kernel;

import io.sluice.agent.api.AttachmentReport;
import io.sluice.agent.api.VolumeId;
import io.sluice.agent.reconcile.CloneOrder;
import org.jspecify.annotations.Nullable;

/** Sources as block devices of this kernel, each under a map that waits while its source is away. */
public interface Attachments {

    /** Logs in, checks size, block size and identity; the map is there when the call returns. */
    void attach(CloneOrder order);

    /** As {@link #attach}, but the source may be away: the map is there, and what reads it waits. */
    void attachLater(CloneOrder order);

    /** Null when it is not attached. */
    @Nullable
    AttachmentReport report(VolumeId volume);

    /** Harmless when it is not attached. */
    void detach(VolumeId volume);
}
