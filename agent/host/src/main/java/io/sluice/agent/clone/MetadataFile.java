package io.sluice.agent.clone;

import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.Random;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * The persistent hydration map. Layout: two header blocks, then for every {@link #REGIONS_PER_PAGE} regions two slots of one
 * page. A change goes to the slot that does not count, with the next sequence and a checksum, so a torn write leaves the older
 * page, which claims less, never more. Both slots are formatted before the file appears, so a page without a valid slot is
 * damage and refused: taking it for empty would copy old bytes over the workload's. Not thread-safe; {@link Committer} orders
 * the calls.
 */
final class MetadataFile implements AutoCloseable {
    static final int REGIONS_PER_PAGE = 800;
    private static final int PAGE_BYTES = 4096;
    private static final int PAGE_MAGIC = 0x534C_5043;
    private static final int STATES_AT = 32;
    private static final int CHECKSUMS_AT = STATES_AT + REGIONS_PER_PAGE;
    private static final int CHECKSUM_AT = PAGE_BYTES - Integer.BYTES;

    private final Medium medium;
    private final byte[] codes;
    private final int[] checksums;
    private final long[] sequences;
    private MetadataHeader header;

    private MetadataFile(Medium medium, MetadataHeader header) {
        this.medium = medium;
        this.header = header;
        int regions = header.layout().regions();
        this.codes = new byte[regions];
        this.checksums = new int[regions];
        this.sequences = new long[pages(regions)];
    }

    /** Writes a map in which nothing is local. The caller makes it appear atomically. */
    static void format(Medium medium, CloneBinding binding, RegionLayout layout, int blockBytes) {
        MetadataHeader first = new MetadataHeader(binding, layout, blockBytes, new Random().nextLong(), false, 1);
        MetadataFile file = new MetadataFile(medium, first);
        for (int page = 0; page < file.pages(); page++) {
            medium.write(slotOffset(page, 1), file.encode(page, 1));
            medium.write(slotOffset(page, 0), file.encode(page, 0));
        }
        medium.write(headerOffset(0), first.encode());
        medium.write(headerOffset(1), first.encode());
        medium.force();
    }

    static MetadataFile open(Medium medium) {
        MetadataFile file = new MetadataFile(medium, readHeader(medium));
        for (int page = 0; page < file.pages(); page++) {
            file.load(page);
        }
        return file;
    }

    MetadataHeader header() {
        return header;
    }

    int pages() {
        return sequences.length;
    }

    byte code(int region) {
        return codes[region];
    }

    int checksum(int region) {
        return checksums[region];
    }

    /** Changes the image in memory only. */
    void set(int region, byte code, int checksum) {
        codes[region] = code;
        checksums[region] = checksum;
    }

    /** Makes the images of these pages durable. When it throws, what is durable is the older or the newer page. */
    void store(Collection<Integer> pages) {
        for (int page : pages) {
            medium.write(slotOffset(page, sequences[page] + 1), encode(page, sequences[page] + 1));
        }
        medium.force();
        for (int page : pages) {
            sequences[page]++;
        }
    }

    void markHolesMarked() {
        MetadataHeader next = header.withHolesMarked();
        medium.write(headerOffset(next.sequence()), next.encode());
        medium.force();
        header = next;
    }

    @Override
    public void close() {
        medium.close();
    }

    int firstRegion(int page) {
        return page * REGIONS_PER_PAGE;
    }

    int endRegion(int page) {
        return Math.min(codes.length, firstRegion(page) + REGIONS_PER_PAGE);
    }

    private static MetadataHeader readHeader(Medium medium) {
        MetadataHeader newest = null;
        for (int slot = 0; slot < 2; slot++) {
            ByteBuffer block = ByteBuffer.allocate(MetadataHeader.BYTES);
            MetadataHeader found = medium.read(headerOffset(slot), block) ? MetadataHeader.decode(block) : null;
            if (found != null && (newest == null || found.sequence() > newest.sequence())) {
                newest = found;
            }
        }
        if (newest == null) {
            throw new CloneMetadataException("clone metadata is damaged: no valid header. Keep the source; abort the"
                    + " migration if it is still reversible, else restore the metadata file");
        }
        return newest;
    }

    private void load(int page) {
        ByteBuffer newest = null;
        for (int slot = 0; slot < 2; slot++) {
            ByteBuffer found = readSlot(page, slot);
            if (found != null && (newest == null || found.getLong(8) > newest.getLong(8))) {
                newest = found;
            }
        }
        if (newest == null) {
            throw new CloneMetadataException("clone metadata is damaged: page " + page + " has no valid copy. Keep the"
                    + " source; abort the migration if it is still reversible, else restore the metadata file");
        }
        sequences[page] = newest.getLong(8);
        for (int region = firstRegion(page); region < endRegion(page); region++) {
            int entry = region - firstRegion(page);
            codes[region] = newest.get(STATES_AT + entry);
            checksums[region] = newest.getInt(CHECKSUMS_AT + entry * Integer.BYTES);
        }
    }

    private @Nullable ByteBuffer readSlot(int page, int slot) {
        ByteBuffer block = ByteBuffer.allocate(PAGE_BYTES);
        boolean valid = medium.read(slotOffset(page, slot), block)
                && block.getInt(CHECKSUM_AT) == checksum(block)
                && block.getInt(0) == PAGE_MAGIC
                && block.getInt(4) == page
                && block.getLong(16) == header.identity();
        for (int entry = 0; valid && entry < REGIONS_PER_PAGE; entry++) {
            valid = RegionState.knows(block.get(STATES_AT + entry));
        }
        return valid ? block : null;
    }

    private ByteBuffer encode(int page, long sequence) {
        ByteBuffer block = ByteBuffer.allocate(PAGE_BYTES);
        block.putInt(0, PAGE_MAGIC).putInt(4, page).putLong(8, sequence).putLong(16, header.identity());
        for (int region = firstRegion(page); region < endRegion(page); region++) {
            int entry = region - firstRegion(page);
            block.put(STATES_AT + entry, codes[region]);
            block.putInt(CHECKSUMS_AT + entry * Integer.BYTES, checksums[region]);
        }
        return block.putInt(CHECKSUM_AT, checksum(block));
    }

    private static int pages(int regions) {
        return (regions + REGIONS_PER_PAGE - 1) / REGIONS_PER_PAGE;
    }

    private static long headerOffset(long sequence) {
        return (sequence & 1) * MetadataHeader.BYTES;
    }

    private static long slotOffset(int page, long sequence) {
        return 2L * MetadataHeader.BYTES + (2L * page + (sequence & 1)) * PAGE_BYTES;
    }

    private static int checksum(ByteBuffer block) {
        CRC32C crc = new CRC32C();
        crc.update(block.slice(0, CHECKSUM_AT));
        return (int) crc.getValue();
    }
}
