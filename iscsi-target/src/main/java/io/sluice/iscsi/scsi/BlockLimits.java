package io.sluice.iscsi.scsi;

import java.nio.ByteBuffer;

/**
 * What one command may ask for, in blocks: VPD page B0h (SBC-3 §6.6.3), sent by the target and kept to by the initiator. 0 means that
 * the target named no limit, or does not support the command.
 */
public record BlockLimits(
        long maxTransfer, long maxUnmap, long maxUnmapDescriptors, long maxWriteSame, int optimalGranularity) {
    static final int PAGE_BYTES = 64;

    /** A write is held in memory whole: 4 MiB lets a disk stream and bounds what one command can cost. */
    private static final int MAX_TRANSFER_BYTES = 4 << 20;

    /** Where no hole can be punched this much is written as zeros within one command: seconds, not minutes. */
    private static final int MAX_UNMAP_BYTES = 512 << 20;

    /** The parameter list then stays near one page. */
    private static final int MAX_UNMAP_DESCRIPTORS = 256;

    /** A pattern is really written; as for unmapping, one command must not run for long. */
    private static final int MAX_WRITE_SAME_BYTES = 16 << 20;

    /** What its field can say; clusters compare and write one. */
    static final int MAX_COMPARE_AND_WRITE = 255;

    /** File systems keep files in blocks of this size. */
    private static final int GRANULARITY_BYTES = 4096;

    static BlockLimits served(int blockBytes) {
        return new BlockLimits(
                MAX_TRANSFER_BYTES / blockBytes,
                MAX_UNMAP_BYTES / blockBytes,
                MAX_UNMAP_DESCRIPTORS,
                MAX_WRITE_SAME_BYTES / blockBytes,
                GRANULARITY_BYTES / blockBytes);
    }

    byte[] encode() {
        ByteBuffer page = ByteBuffer.allocate(PAGE_BYTES);
        page.put(1, (byte) 0xB0).putShort(2, (short) (PAGE_BYTES - 4));
        page.put(4, (byte) 0x01); // WSNZ: WRITE SAME of 0 blocks is refused
        page.put(5, (byte) MAX_COMPARE_AND_WRITE);
        page.putShort(6, (short) optimalGranularity);
        page.putInt(8, (int) maxTransfer);
        page.putInt(12, (int) (maxTransfer / 4)); // optimal transfer length
        page.putInt(20, (int) maxUnmap);
        page.putInt(24, (int) maxUnmapDescriptors);
        page.putInt(28, optimalGranularity);
        page.putLong(36, maxWriteSame);
        return page.array();
    }

    /** Reads the page, of any length; what it lacks is 0. */
    public static BlockLimits decode(ByteBuffer received) {
        ByteBuffer page = ByteBuffer.allocate(PAGE_BYTES);
        page.put(received.slice(received.position(), Math.min(received.remaining(), PAGE_BYTES)));
        return new BlockLimits(
                page.getInt(8) & 0xFFFF_FFFFL,
                page.getInt(20) & 0xFFFF_FFFFL,
                page.getInt(24) & 0xFFFF_FFFFL,
                page.getLong(36),
                page.getShort(6) & 0xFFFF);
    }
}
