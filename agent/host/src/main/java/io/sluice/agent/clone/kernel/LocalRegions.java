package io.sluice.agent.clone.kernel;

import io.sluice.iscsi.block.BlockDeviceException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.BitSet;
import java.util.zip.CRC32C;

/**
 * Which regions dm-clone has on record as local. No message of it tells one region's state, so its metadata are read from their
 * disk while it uses them: superblock, tree, and the blocks of bits (drivers/md/dm-clone-metadata.c, persistent-data/dm-array.c).
 * It never writes over what the last commit holds before the next one, which changes the superblock: as long as that is the same
 * before and after, what was read is one state, at most a second old.
 */
final class LocalRegions {
    private static final int BLOCK_BYTES = 4096;
    private static final int ATTEMPTS = 5;
    private static final long MAGIC = 0x8af27f64L;
    private static final int VERSION = 1;

    /** What each kind of block mixes into its checksum, so that none passes for another. */
    private enum Kind {
        SUPERBLOCK(257649492, 8),
        NODE(121107, 8),
        BITS(595846735, 16);

        final int mask;
        final int numberAt;

        Kind(int mask, int numberAt) {
            this.mask = mask;
            this.numberAt = numberAt;
        }
    }

    private static final int LEAF = 2;
    private static final int NODE_HEADER_BYTES = 32;
    private static final int BITS_HEADER_BYTES = 24;

    private final Media.Uncached metadata;
    private final CloneRecord record;
    private final BitSet local = new BitSet();

    private LocalRegions(Media.Uncached metadata, CloneRecord record) {
        this.metadata = metadata;
        this.record = record;
    }

    /** @throws BlockDeviceException the metadata cannot be read, are none, or are another clone's */
    static BitSet read(Media.Uncached metadata, CloneRecord record) {
        for (int attempt = 1; ; attempt++) {
            try {
                LocalRegions regions = new LocalRegions(metadata, record);
                ByteBuffer before = regions.block(0, Kind.SUPERBLOCK);
                regions.superblock(before);
                if (regions.block(0, Kind.SUPERBLOCK).equals(before)) {
                    return regions.local;
                }
                if (attempt == ATTEMPTS) {
                    throw new BlockDeviceException(record.metadata() + " changes faster than it can be read", true);
                }
            } catch (BlockDeviceException e) {
                // perhaps it was written to in the middle of a read
                if (attempt == ATTEMPTS) {
                    throw e;
                }
            }
        }
    }

    private void superblock(ByteBuffer block) {
        long regionSectors = block.getLong(172);
        long sectors = block.getLong(180);
        if (block.getLong(32) != MAGIC
                || block.getInt(40) != VERSION
                || regionSectors * 512 != record.regionBytes()
                || sectors * 512 != record.sizeBytes()) {
            throw new BlockDeviceException(
                    record.metadata() + " holds no metadata of dm-clone for volume " + record.volume(), false);
        }
        node(block.getLong(188));
        local.clear(Math.toIntExact(record.regions()), Math.max(local.length(), Math.toIntExact(record.regions())));
    }

    private void node(long number) {
        ByteBuffer node = block(number, Kind.NODE);
        boolean leaf = (node.getInt(4) & LEAF) != 0;
        int entries = within(node.getInt(16), node.getInt(20));
        int values = NODE_HEADER_BYTES + within(node.getInt(20), (BLOCK_BYTES - NODE_HEADER_BYTES) / 16) * 8;
        for (int i = 0; i < entries; i++) {
            long child = node.getLong(values + i * 8);
            if (leaf) {
                bits(child, node.getLong(NODE_HEADER_BYTES + i * 8));
            } else {
                node(child);
            }
        }
    }

    /** Words of 64 regions; {@code index} counts blocks of words. */
    private void bits(long number, long index) {
        ByteBuffer block = block(number, Kind.BITS);
        int words = within(block.getInt(8), (BLOCK_BYTES - BITS_HEADER_BYTES) / 8);
        long first = index * block.getInt(4) * 64;
        BitSet found = BitSet.valueOf(block.slice(BITS_HEADER_BYTES, words * 8).order(ByteOrder.LITTLE_ENDIAN));
        found.stream().forEach(bit -> local.set(Math.toIntExact(first + bit)));
    }

    private int within(int count, int most) {
        if (count < 0 || count > most) {
            throw new BlockDeviceException(record.metadata() + " holds a count of " + count + " over " + most, false);
        }
        return count;
    }

    private ByteBuffer block(long number, Kind kind) {
        ByteBuffer block = ByteBuffer.allocate(BLOCK_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        metadata.read(number * BLOCK_BYTES, block);
        block.flip();
        CRC32C sum = new CRC32C();
        sum.update(block.slice(4, BLOCK_BYTES - 4));
        // the kernel's crc32c lacks the last inversion
        if ((~(int) sum.getValue() ^ kind.mask) != block.getInt(0) || block.getLong(kind.numberAt) != number) {
            throw new BlockDeviceException(
                    record.metadata() + " holds no whole " + kind + " in block " + number, false);
        }
        return block;
    }
}
