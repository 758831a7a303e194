package io.sluice.agent.attach;

import io.sluice.agent.api.IncomingVolume;
import io.sluice.iscsi.block.BlockDevice;
import io.sluice.iscsi.initiator.RegionSums;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** How sources are reached. */
public interface Sources {

    /** A source's disk. A lost session is re-established by itself; calls wait meanwhile. */
    interface SourceSession extends BlockDevice {
        /** What the disk calls itself (VPD page 80h). */
        String serial();

        boolean connected();

        /** How long it has been connected, or not. */
        Duration inState();

        /** What it says of its content from a region on; null when it tells nothing. */
        @Nullable
        RegionSums checksums(long firstRegion);
    }

    /**
     * Logs in and asks for size and serial.
     *
     * @throws io.sluice.iscsi.block.BlockDeviceException the source cannot be reached, or refuses
     */
    SourceSession open(IncomingVolume volume);
}
