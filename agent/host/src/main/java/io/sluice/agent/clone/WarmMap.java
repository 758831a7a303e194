package io.sluice.agent.clone;

import io.sluice.iscsi.block.BlockDeviceException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The region map as the operating system knows it: told of every region before a write to it is acknowledged, never forced, and
 * valid only while the machine stays up. A killed agent's acknowledged writes are still in the page cache; without this its
 * successor would take their regions for not yet local, read the source's older bytes, and answer the workload's next flush as
 * if nothing were missing. After a reboot only {@link MetadataFile} counts, which never claims more than is durable.
 */
final class WarmMap implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(WarmMap.class);
    private static final byte[] MAGIC = "SLUICE-WARM-MAP1".getBytes(StandardCharsets.US_ASCII);
    private static final int HEADER_BYTES = 128;
    private static final int MOST_BOOT_ID = HEADER_BYTES - 32;
    private static final int ENTRY_BYTES = 8;

    private final Medium medium;
    private final byte[] codes;
    private final int[] checksums;
    private final ReentrantLock writing = new ReentrantLock();
    private volatile boolean recording = true;

    private WarmMap(Medium medium, int regions) {
        this.medium = medium;
        this.codes = new byte[regions];
        this.checksums = new int[regions];
    }

    /**
     * Takes what is there if it is of this boot and of this metadata, and begins empty otherwise.
     *
     * @param identity the metadata file's
     */
    static WarmMap open(Medium medium, String bootId, long identity, int regions) {
        ByteBuffer header = header(bootId, identity, regions);
        WarmMap map = new WarmMap(medium, regions);
        if (!map.take(header)) {
            // The header last: entries of another boot are never under it.
            medium.write(0, ByteBuffer.allocate(HEADER_BYTES));
            medium.write(HEADER_BYTES, ByteBuffer.allocate(regions * ENTRY_BYTES));
            medium.write(0, header);
        }
        return map;
    }

    /** As {@link #open} would find it, and nothing is written: it may be in use. */
    static WarmMap look(Medium medium, String bootId, long identity, int regions) {
        WarmMap map = new WarmMap(medium, regions);
        map.take(header(bootId, identity, regions));
        return map;
    }

    private boolean take(ByteBuffer header) {
        ByteBuffer found = ByteBuffer.allocate(HEADER_BYTES);
        ByteBuffer entries = ByteBuffer.allocate(codes.length * ENTRY_BYTES);
        if (!medium.read(0, found) || !found.rewind().equals(header) || !medium.read(HEADER_BYTES, entries)) {
            return false;
        }
        load(entries);
        return true;
    }

    byte code(int region) {
        return codes[region];
    }

    int checksum(int region) {
        return checksums[region];
    }

    /** Returns when it would survive the end of this process; if it would not, {@link #recording} says so from then on. */
    void record(int region, byte code, int checksum) {
        writing.lock();
        try {
            if (recording) {
                ByteBuffer entry = ByteBuffer.allocate(ENTRY_BYTES).put(0, code).putInt(4, checksum);
                medium.write(HEADER_BYTES + (long) region * ENTRY_BYTES, entry);
            }
        } catch (BlockDeviceException e) {
            recording = false;
            log.warn("every write is flushed from now on, because {}", e.getMessage());
        } finally {
            writing.unlock();
        }
    }

    /** Whether regions are being recorded; a write is to be flushed before it is acknowledged when they are not. */
    boolean recording() {
        return recording;
    }

    /** The page cache may no longer hold what was acknowledged: the next process shall go by what is durable. */
    void distrust() {
        writing.lock();
        try {
            recording = false;
            medium.write(0, ByteBuffer.allocate(HEADER_BYTES));
        } catch (BlockDeviceException e) {
            log.error("restart the machine, not only the agent, because {}", e.getMessage());
        } finally {
            writing.unlock();
        }
    }

    @Override
    public void close() {
        writing.lock();
        try {
            recording = false;
            medium.close();
        } finally {
            writing.unlock();
        }
    }

    private void load(ByteBuffer entries) {
        for (int region = 0; region < codes.length; region++) {
            byte code = entries.get(region * ENTRY_BYTES);
            if (RegionState.knows(code)) {
                codes[region] = code;
                checksums[region] = entries.getInt(region * ENTRY_BYTES + 4);
            }
        }
    }

    private static ByteBuffer header(String bootId, long identity, int regions) {
        byte[] boot = bootId.getBytes(StandardCharsets.UTF_8);
        if (boot.length > MOST_BOOT_ID) {
            throw new IllegalArgumentException("boot id '" + bootId + "' is longer than " + MOST_BOOT_ID + " bytes");
        }
        return ByteBuffer.allocate(HEADER_BYTES)
                .put(MAGIC)
                .putLong(identity)
                .putInt(regions)
                .putInt(boot.length)
                .put(Arrays.copyOf(boot, MOST_BOOT_ID))
                .rewind();
    }
}
