package io.sluice.iscsi.block;

/** The bounds every device holds its callers to; a violation is a bug of the caller, not trouble with the device. */
final class DeviceRange {
    private DeviceRange() {}

    static void check(BlockDevice device, long offset, long lengthBytes) {
        if (offset < 0 || lengthBytes < 0 || offset > device.sizeBytes() - lengthBytes) {
            throw new IllegalArgumentException("range [%d, +%d) lies outside the device of %d bytes"
                    .formatted(offset, lengthBytes, device.sizeBytes()));
        }
        if (offset % device.blockBytes() != 0 || lengthBytes % device.blockBytes() != 0) {
            throw new IllegalArgumentException("range [%d, +%d) is not a multiple of the block size %d"
                    .formatted(offset, lengthBytes, device.blockBytes()));
        }
    }

    static void checkStart(BlockDevice device, long offset) {
        check(device, offset, device.blockBytes());
    }

    static void checkGeometry(long sizeBytes, int blockBytes) {
        if (blockBytes != 512 && blockBytes != 4096) {
            throw new IllegalArgumentException("block size is 512 or 4096 bytes, not " + blockBytes);
        }
        if (sizeBytes <= 0 || sizeBytes % blockBytes != 0) {
            throw new IllegalArgumentException(
                    "size %d is not a positive multiple of the block size %d".formatted(sizeBytes, blockBytes));
        }
    }
}
