package io.sluice.agent.attach;

import io.sluice.agent.api.AttachmentReport;
import io.sluice.agent.api.FailureKind;
import io.sluice.agent.api.HydrationOrder;
import io.sluice.agent.api.HydrationReport;
import io.sluice.agent.api.IncomingStage;
import io.sluice.agent.api.MigrationId;
import io.sluice.agent.api.VerificationReport;
import io.sluice.agent.clone.CloneDevice;
import io.sluice.agent.clone.CloneFiles;
import io.sluice.agent.clone.CloneMetadataException;
import io.sluice.agent.clone.CloneOptions;
import io.sluice.agent.clone.SourceAbsence;
import io.sluice.agent.reconcile.CloneOrder;
import io.sluice.agent.reconcile.CloneState;
import io.sluice.agent.reconcile.HostActionException;
import io.sluice.agent.volume.VolumeFiles.VolumeFile;
import io.sluice.iscsi.block.BlockDevice;
import io.sluice.iscsi.block.BlockDeviceException;
import io.sluice.iscsi.initiator.RegionSums;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One incoming volume. Actions on it come one at a time; it may be observed at any moment. */
final class PortableClone {
    private static final Logger log = LoggerFactory.getLogger(PortableClone.class);

    /** Longer than a session takes to come back after a short break, short enough for an abort to get its turn. */
    private static final Duration ANSWER_WITHIN = Duration.ofSeconds(15);

    private final CloneOrder order;
    private final Attachment source;
    private final SourceAbsence absence = new SourceAbsence();
    private volatile @Nullable Opened opened;
    private volatile boolean raised;
    private volatile @Nullable HydrationOrder hydration;
    private volatile @Nullable VerificationReport verification;

    PortableClone(CloneOrder order, Attachment source) {
        this.order = order;
        this.source = source;
    }

    MigrationId migration() {
        return order.migration();
    }

    @Nullable
    BlockDevice device() {
        Opened now = opened;
        return now == null || !raised ? null : now.device;
    }

    CloneState state() {
        Opened up = raised ? opened : null;
        AttachmentReport session = source.report();
        return new CloneState(
                order.migration(),
                order.volume().volume(),
                up == null ? IncomingStage.ATTACHED : IncomingStage.CLONED,
                session,
                up == null ? null : progress(up.device, session),
                hydration,
                verification);
    }

    private HydrationReport progress(CloneDevice device, AttachmentReport session) {
        return device.progress().with(absence.look(session, Instant.now(), device::missing));
    }

    /**
     * Opens or makes the clone device's metadata. That reads nothing of the source, whose workload may still be writing, and
     * takes the slow part out of the cutover.
     */
    void open(VolumeFile file, CloneFiles files, CloneOptions options) {
        if (opened != null) {
            return;
        }
        try {
            BlockDevice local = file.open();
            boolean done = false;
            try {
                opened = new Opened(CloneDevice.open(files, local, source, options), local);
                done = true;
            } finally {
                if (!done) {
                    local.close();
                }
            }
        } catch (CloneMetadataException e) {
            throw failure("CLONE_METADATA_UNUSABLE", FailureKind.OPERATOR, e);
        } catch (BlockDeviceException e) {
            throw failure("CLONE_NOT_OPENED", FailureKind.RETRY, e);
        }
    }

    /** Only now is the source read for the first time: until here its workload may have been writing. */
    void raise(Runnable hydrated) {
        if (raised) {
            return;
        }
        CloneDevice device = require();
        try {
            markHoles(device);
        } catch (BlockDeviceException e) {
            throw failure("CLONE_NOT_RAISED", FailureKind.RETRY, e);
        }
        raised = true;
        device.whenComplete(hydrated);
    }

    void hydrate(HydrationOrder pace) {
        require().hydrate(pace);
        hydration = pace;
    }

    void verify() {
        CloneDevice device = require();
        try {
            device.settle();
            verification = device.verify(this::sums);
        } catch (IllegalStateException e) {
            throw failure("HYDRATION_INCOMPLETE", FailureKind.RETRY, e);
        } catch (BlockDeviceException e) {
            throw failure("VERIFICATION_FAILED", FailureKind.RETRY, e);
        }
    }

    /** The metadata stays. */
    void close() {
        Opened now = opened;
        raised = false;
        opened = null;
        try {
            if (now != null) {
                close(now.device, now.local);
            }
        } finally {
            source.close();
        }
    }

    private void markHoles(CloneDevice device) {
        SourceCall.within(ANSWER_WITHIN, "what it allocates", () -> {
            device.markHoles();
            return device;
        });
    }

    private @Nullable RegionSums sums(long firstRegion) {
        return SourceCall.within(ANSWER_WITHIN, "its checksums", () -> source.checksums(firstRegion));
    }

    private CloneDevice require() {
        Opened now = opened;
        if (now == null) {
            throw new HostActionException(
                    "CLONE_MISSING",
                    FailureKind.RETRY,
                    "volume " + order.volume().volume() + " has no clone device");
        }
        return now.device;
    }

    private HostActionException failure(String code, FailureKind kind, RuntimeException cause) {
        return new HostActionException(
                code, kind, "volume " + order.volume().volume() + ": " + cause.getMessage(), cause);
    }

    private static void close(CloneDevice device, BlockDevice local) {
        try {
            device.close();
        } catch (BlockDeviceException e) {
            log.warn(
                    "the last commit of a clone device failed; what it did not cover will be copied again: {}",
                    e.getMessage());
        } finally {
            local.close();
        }
    }

    private record Opened(CloneDevice device, BlockDevice local) {}
}
