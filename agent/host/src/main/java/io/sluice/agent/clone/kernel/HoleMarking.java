package io.sluice.agent.clone.kernel;

import io.sluice.agent.api.FailureKind;
import io.sluice.agent.devicemapper.CloneStatus;
import io.sluice.agent.devicemapper.DeviceName;
import io.sluice.agent.reconcile.HostActionException;
import io.sluice.iscsi.block.BlockDeviceException;
import io.sluice.iscsi.block.Extent;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Tells dm-clone which regions need no copy, by discards. To a clone that copies, or that a workload writes to, a discard is the loss
 * of data: so the caller's own thread does all of them, before there is a device for a workload, and none is left when the call ends.
 */
final class HoleMarking {
    private final CloneRecord record;
    private final Media media;

    HoleMarking(CloneRecord record, Media media) {
        this.record = record;
        this.media = media;
    }

    /**
     * May be repeated. Returns how many regions were marked.
     *
     * @param goOn asked before each question and each discard; throws when the clone is to go
     */
    long mark(CloneStack stack, BoundedSource source, Runnable goOn) {
        requireUntouched(stack);
        List<Extent> ranges = HoleRanges.of(record.sizeBytes(), record.regionBytes(), at -> {
            goOn.run();
            return source.extentAt(at);
        });
        try (Media.Discarding disk =
                media.discarding(DeviceName.clone(record.volume()).path())) {
            for (Extent range : ranges) {
                goOn.run();
                disk.discard(range.offset(), range.lengthBytes());
            }
            disk.flush();
        } catch (BlockDeviceException e) {
            throw notRaised(": " + e.getMessage(), e);
        }
        return HoleRanges.regions(ranges, record.regionBytes());
    }

    private void requireUntouched(CloneStack stack) {
        CloneStatus.Working now = stack.requireWorking();
        if (now.hydrationOn() || now.hydratingRegions() != 0) {
            throw notRaised(" is being copied before its holes are marked: see who enabled it", null);
        }
        if (stack.isOffered()) {
            throw notRaised(" has a device for its workload before its holes are marked: see who made it", null);
        }
    }

    private HostActionException notRaised(String why, @Nullable Throwable cause) {
        return new HostActionException("CLONE_NOT_RAISED", FailureKind.RETRY, "volume " + record.volume() + why, cause);
    }
}
