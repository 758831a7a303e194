package io.sluice.agent.volume;

import io.sluice.agent.api.VolumeId;
import io.sluice.iscsi.block.AllocationMap;
import io.sluice.iscsi.block.FileDisk;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Where the bytes of this host's volumes lie. */
public interface VolumeFiles {

    /**
     * One volume's file or block device.
     *
     * @param writable false while the copy is frozen: it must then be opened read-only
     * @param discardBytes pieces of this size read as zeros once they are discarded; 0 where that is not promised
     */
    record VolumeFile(Path path, long sizeBytes, int blockBytes, boolean writable, int discardBytes) {
        public VolumeFile(Path path, long sizeBytes, int blockBytes, boolean writable) {
            this(path, sizeBytes, blockBytes, writable, 0);
        }

        /** As it may be opened now; {@code BlockDeviceException} says why it cannot. */
        public FileDisk open() {
            return opened(!writable);
        }

        public FileDisk openReadOnly() {
            return opened(true);
        }

        private FileDisk opened(boolean readOnly) {
            FileDisk disk = FileDisk.open(path, blockBytes, readOnly);
            disk.discardsIn(discardBytes);
            return disk;
        }
    }

    /** The copy of the volume that is not retired; null when there is none. */
    @Nullable
    VolumeFile find(VolumeId volume);

    /**
     * What of a frozen volume is allocated, where its file cannot tell itself; null where the file tells, or nobody knows. Slow.
     */
    default @Nullable AllocationMap allocation(VolumeId volume) {
        return null;
    }

    /** The LVM volume group it lies in, where what belongs to it may lie too; null when it lies in none. */
    default @Nullable String volumeGroup(VolumeId volume) {
        return null;
    }
}
