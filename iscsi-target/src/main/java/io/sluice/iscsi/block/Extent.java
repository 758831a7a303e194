package io.sluice.iscsi.block;

/**
 * A run of a device's bytes that is all allocated, or all hole (reads as zeros and takes no space).
 *
 * @param lengthBytes above 0
 */
public record Extent(long offset, long lengthBytes, boolean allocated) {
    public long end() {
        return offset + lengthBytes;
    }
}
