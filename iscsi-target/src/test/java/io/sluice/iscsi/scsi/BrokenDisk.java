package io.sluice.iscsi.scsi;

import io.sluice.iscsi.block.BlockDeviceException;

/** A disk on which everything fails, for now or for good. */
final class BrokenDisk extends SizedDisk {
    boolean passing;

    BrokenDisk() {
        super(1 << 20);
    }

    @Override
    BlockDeviceException trouble() {
        return new BlockDeviceException("broken", passing);
    }
}
