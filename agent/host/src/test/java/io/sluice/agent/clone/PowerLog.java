package io.sluice.agent.clone;

import io.sluice.iscsi.block.BlockDevice;
import io.sluice.iscsi.block.BlockDeviceException;
import io.sluice.iscsi.block.Extent;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * Media with a volatile cache and one clock of events, so that the process can be killed or the power cut after any event: a kill
 * leaves everything, a cut what was flushed, and of the rest any sector may have reached the medium or not.
 */
final class PowerLog {
    static final int SECTOR = 512;
    private static final int WARM_BYTES = 4096;

    private final List<Event> events = new ArrayList<>();
    private final byte[] localAtStart;
    private final byte[] metadataAtStart;
    private final byte[] warmAtStart;

    PowerLog(byte[] local, byte[] metadata) {
        this(local, metadata, new byte[WARM_BYTES]);
    }

    private PowerLog(byte[] local, byte[] metadata, byte[] warm) {
        this.localAtStart = local.clone();
        this.metadataAtStart = metadata.clone();
        this.warmAtStart = warm.clone();
    }

    BlockDevice local(int blockBytes) {
        return new Disk(this, ByteBuffer.wrap(localAtStart.clone()), blockBytes);
    }

    Medium metadata() {
        return new Metadata(this, Where.METADATA, ByteBuffer.wrap(metadataAtStart.clone()));
    }

    Medium warm() {
        return new Metadata(this, Where.WARM, ByteBuffer.wrap(warmAtStart.clone()));
    }

    synchronized void note(Object fact) {
        events.add(new Note(fact));
    }

    synchronized int size() {
        return events.size();
    }

    /** What was noted by then. */
    synchronized List<Object> notesBefore(int moment) {
        return events.subList(0, moment).stream()
                .filter(Note.class::isInstance)
                .map(event -> ((Note) event).fact)
                .toList();
    }

    synchronized PowerLog cutAt(int moment, Random random) {
        return new PowerLog(
                survivors(Where.LOCAL, localAtStart, moment, random),
                survivors(Where.METADATA, metadataAtStart, moment, random),
                survivors(Where.WARM, warmAtStart, moment, random));
    }

    synchronized PowerLog killedAt(int moment) {
        return new PowerLog(
                written(Where.LOCAL, localAtStart, moment),
                written(Where.METADATA, metadataAtStart, moment),
                written(Where.WARM, warmAtStart, moment));
    }

    private byte[] written(Where where, byte[] atStart, int moment) {
        byte[] content = atStart.clone();
        for (Event event : events.subList(0, moment)) {
            if (event instanceof Write write && write.where == where) {
                write.bytes.get(0, content, (int) write.offset, write.bytes.capacity());
            }
        }
        return content;
    }

    private byte[] survivors(Where where, byte[] atStart, int moment, Random random) {
        byte[] content = atStart.clone();
        int durable = durableBefore(where, moment);
        int fate = random.nextInt(4);
        for (int i = 0; i < moment; i++) {
            if (events.get(i) instanceof Write write && write.where == where) {
                for (int at = 0; at < write.bytes.capacity(); at += SECTOR) {
                    boolean survives = i < durable || fate == 0 || (fate > 1 && random.nextBoolean());
                    int length = Math.min(SECTOR, write.bytes.capacity() - at);
                    if (survives) {
                        write.bytes.get(at, content, (int) write.offset + at, length);
                    }
                }
            }
        }
        return content;
    }

    /** Writes before this event are durable: they had returned before a flush began that has returned. */
    private int durableBefore(Where where, int moment) {
        int durable = 0;
        for (int i = 0; i < moment; i++) {
            if (events.get(i) instanceof Flushed flushed && flushed.where == where) {
                durable = Math.max(durable, flushed.began);
            }
        }
        return durable;
    }

    private synchronized void wrote(Where where, long offset, byte[] bytes) {
        events.add(new Write(where, offset, ByteBuffer.wrap(bytes)));
    }

    private synchronized void flushed(Where where, int began) {
        events.add(new Flushed(where, began));
    }

    private enum Where {
        LOCAL,
        METADATA,
        WARM
    }

    private sealed interface Event {}

    private record Write(Where where, long offset, ByteBuffer bytes) implements Event {}

    private record Flushed(Where where, int began) implements Event {}

    private record Note(Object fact) implements Event {}

    private record Disk(PowerLog log, ByteBuffer content, int blockBytes) implements BlockDevice {
        @Override
        public long sizeBytes() {
            return content.capacity();
        }

        @Override
        public boolean readOnly() {
            return false;
        }

        @Override
        public void read(long offset, ByteBuffer into) {
            synchronized (content) {
                into.put(content.slice((int) offset, into.remaining()));
            }
        }

        @Override
        public void write(long offset, ByteBuffer from) {
            byte[] bytes = new byte[from.remaining()];
            from.get(bytes);
            synchronized (content) {
                content.put((int) offset, bytes);
                log.wrote(Where.LOCAL, offset, bytes);
            }
        }

        @Override
        public void flush() {
            log.flushed(Where.LOCAL, log.size());
        }

        @Override
        public void unmap(long offset, long lengthBytes) {
            write(offset, ByteBuffer.allocate((int) lengthBytes));
        }

        @Override
        public Extent extentAt(long offset) {
            return new Extent(offset, content.capacity() - offset, true);
        }

        @Override
        public void close() {
            throw new BlockDeviceException("a clone device must not close the local disk", false);
        }
    }

    private record Metadata(PowerLog log, Where where, ByteBuffer content) implements Medium {
        @Override
        public synchronized boolean read(long offset, ByteBuffer into) {
            if (offset + into.remaining() > content.capacity()) {
                return false;
            }
            into.put(content.slice((int) offset, into.remaining()));
            return true;
        }

        @Override
        public synchronized void write(long offset, ByteBuffer from) {
            byte[] bytes = new byte[from.remaining()];
            from.get(bytes);
            content.put((int) offset, bytes);
            log.wrote(where, offset, bytes);
        }

        @Override
        public void force() {
            log.flushed(where, log.size());
        }

        @Override
        public void close() {}
    }

    /** A metadata file in which nothing is local. */
    static byte[] formatted(CloneBinding binding, RegionLayout layout, int blockBytes) {
        byte[] content = new byte[1 << 20];
        PowerLog log = new PowerLog(new byte[0], content);
        MetadataFile.format(log.metadata(), binding, layout, blockBytes);
        byte[] whole = log.survivors(Where.METADATA, content, log.size(), new Random(0));
        return Arrays.copyOf(whole, 2 * MetadataHeader.BYTES + 2 * 4096 * (layout.regions() / 800 + 1));
    }
}
