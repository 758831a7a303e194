package io.sluice.iscsi.exerciser;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * A block as the exerciser writes it: it says itself which block and which write it is, and carries a checksum, so that lost, torn,
 * misplaced and stale writes all show.
 */
record NumberedBlock(long block, long sequence, long writtenNanos) {
    static final int BYTES = 4096;

    private static final long MAGIC = 0x534c_5549_4345_4231L; // "SLUICEB1"
    private static final int AT_BLOCK = 8;
    private static final int AT_SEQUENCE = 16;
    private static final int AT_TIME = 24;
    private static final int AT_CHECKSUM = 32;
    private static final int AT_BODY = 40;

    void encode(ByteBuffer into) {
        int start = into.position();
        into.putLong(start, MAGIC).putLong(start + AT_BLOCK, block);
        into.putLong(start + AT_SEQUENCE, sequence).putLong(start + AT_TIME, writtenNanos);
        long state = Scatter.mix(block * 31 + sequence);
        for (int at = AT_BODY; at < BYTES; at += 8) {
            state = Scatter.next(state);
            into.putLong(start + at, state);
        }
        into.putInt(start + AT_CHECKSUM, 0).putInt(start + AT_CHECKSUM + 4, 0);
        into.putInt(start + AT_CHECKSUM, checksum(into.slice(start, BYTES)));
        into.position(start + BYTES);
    }

    /** Null when the content is no whole block of the exerciser's. */
    static @Nullable NumberedBlock decode(ByteBuffer content) {
        ByteBuffer copy = ByteBuffer.allocate(BYTES).put(0, content, content.position(), BYTES);
        int stored = copy.getInt(AT_CHECKSUM);
        copy.putInt(AT_CHECKSUM, 0);
        if (copy.getLong(0) != MAGIC || checksum(copy) != stored) {
            return null;
        }
        return new NumberedBlock(copy.getLong(AT_BLOCK), copy.getLong(AT_SEQUENCE), copy.getLong(AT_TIME));
    }

    private static int checksum(ByteBuffer whole) {
        CRC32C crc = new CRC32C();
        crc.update(whole.duplicate());
        return (int) crc.getValue();
    }
}
