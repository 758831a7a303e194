package io.sluice.agent.attach;

import io.sluice.agent.api.IncomingVolume;
import io.sluice.iscsi.block.BlockDevice;
import java.time.Duration;

/** How sources are reached. */
public interface Sources {

    /** A source's disk. A lost session is re-established by itself; calls wait meanwhile. */
    interface SourceSession extends BlockDevice {
        /** What the disk calls itself (VPD page 80h). */
        String serial();

        boolean connected();

        /** How long it has been connected, or not. */
        Duration inState();
    }

    /**
     * Logs in and asks for size and serial.
     *
     * @throws io.sluice.iscsi.block.BlockDeviceException the source cannot be reached, or refuses
     */
    SourceSession open(IncomingVolume volume);
}
