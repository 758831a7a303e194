package io.sluice.agent.reconcile;

import io.sluice.agent.api.HydrationOrder;
import io.sluice.agent.api.VolumeId;
import java.util.List;

/** Attachments and the clone devices on them. Their metadata survives a restart, they themselves do not. */
public interface Clones {

    /** Cheap: called before and after every action. */
    List<CloneState> observe();

    /**
     * Logs in to the export and checks size, block size and identity. Where metadata is left from before a restart, it
     * does not wait for the source: the session is established as soon as that answers.
     */
    void attach(CloneOrder order);

    /** Brings the clone device up on the attachment, hydration off, regions marked that the source does not allocate. */
    void raise(CloneOrder order);

    /** Lets background copying run so; returns at once. */
    void hydrate(VolumeId volume, HydrationOrder order);

    /** Compares the whole copy with the checksums of what the source sent; it is durable when the call returns. */
    void verify(VolumeId volume);

    /** Takes the clone device down, detaches, drops the metadata; the volume stays. Harmless when there is none. */
    void drop(VolumeId volume);
}
