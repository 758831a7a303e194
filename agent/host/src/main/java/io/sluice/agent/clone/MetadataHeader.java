package io.sluice.agent.clone;

import io.sluice.agent.api.MigrationId;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * What a metadata file is bound to, and how far the device is as a whole. One block; kept twice, the valid one with the higher
 * sequence counts.
 *
 * @param identity random, carried by every page: pages of another file are never taken for this one's
 */
record MetadataHeader(
        CloneBinding binding, RegionLayout layout, int blockBytes, long identity, boolean holesMarked, long sequence) {
    static final int BYTES = 4096;
    private static final byte[] MAGIC = "SLUICE-CLONE\0\0\0\0".getBytes(StandardCharsets.US_ASCII);
    private static final int VERSION = 1;
    private static final int MOST_TEXT = 128;

    MetadataHeader withHolesMarked() {
        return new MetadataHeader(binding, layout, blockBytes, identity, true, sequence + 1);
    }

    ByteBuffer encode() {
        ByteBuffer block = ByteBuffer.allocate(BYTES);
        block.put(MAGIC).putInt(VERSION).putInt(blockBytes).putLong(layout.sizeBytes());
        block.putInt(layout.regionBytes()).putInt(holesMarked ? 1 : 0).putLong(identity);
        block.putLong(sequence).putLong(binding.epoch());
        putText(block, binding.migration().value());
        putText(block, binding.sourceSerial());
        block.putInt(BYTES - Integer.BYTES, checksum(block));
        return block.rewind();
    }

    /** Null when the block is no header, or a torn one. Throws when it is one of a version this program does not know. */
    static @Nullable MetadataHeader decode(ByteBuffer block) {
        if (block.getInt(BYTES - Integer.BYTES) != checksum(block)) {
            return null;
        }
        byte[] magic = new byte[MAGIC.length];
        block.rewind().get(magic);
        if (!Arrays.equals(magic, MAGIC)) {
            return null;
        }
        int version = block.getInt();
        if (version != VERSION) {
            throw new CloneMetadataException("clone metadata has format " + version + ", this agent knows " + VERSION
                    + ": run the agent version that made it");
        }
        int blockBytes = block.getInt();
        long sizeBytes = block.getLong();
        int regionBytes = block.getInt();
        boolean holesMarked = block.getInt() != 0;
        long identity = block.getLong();
        long sequence = block.getLong();
        long epoch = block.getLong();
        CloneBinding binding = new CloneBinding(new MigrationId(getText(block)), epoch, getText(block));
        return new MetadataHeader(
                binding, new RegionLayout(sizeBytes, regionBytes), blockBytes, identity, holesMarked, sequence);
    }

    private static void putText(ByteBuffer block, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        if (bytes.length > MOST_TEXT) {
            throw new IllegalArgumentException("'" + text + "' is longer than " + MOST_TEXT + " bytes");
        }
        block.putInt(bytes.length).put(bytes);
    }

    private static String getText(ByteBuffer block) {
        byte[] bytes = new byte[block.getInt()];
        block.get(bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static int checksum(ByteBuffer block) {
        CRC32C crc = new CRC32C();
        crc.update(block.slice(0, BYTES - Integer.BYTES));
        return (int) crc.getValue();
    }
}
