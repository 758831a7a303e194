package io.sluice.agent.clone;

import io.sluice.iscsi.block.BlockDeviceException;
import io.sluice.iscsi.initiator.RegionSums;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the source says it has given out, asked for in runs as a walk over the volume needs it. For one thread. */
public final class SourceSums {
    private static final Logger log = LoggerFactory.getLogger(SourceSums.class);

    /** The source, as far as it tells checksums. */
    public interface Asked {
        /**
         * From a piece on, as many as it likes to tell; null when it tells none.
         *
         * @throws BlockDeviceException it cannot be asked now
         */
        @Nullable
        RegionSums ask(long firstPiece);
    }

    /** A source that tells nothing. */
    public static final Asked SILENT = firstPiece -> null;

    /** How a piece of the local volume compares with the source's. */
    public enum Comparison {
        SAME,
        DIFFERENT,
        /** The source tells no checksums of it. */
        UNKNOWN
    }

    private final Asked source;
    private final long sizeBytes;
    private @Nullable RegionSums known;
    private boolean silent;

    public SourceSums(Asked source, long sizeBytes) {
        this.source = source;
        this.sizeBytes = sizeBytes;
    }

    /**
     * Compares what lies at an offset with what the source says of that.
     *
     * @param content from position to limit; at the volume's end the last piece is shorter
     * @throws BlockDeviceException the source cannot be asked now
     */
    public Comparison compare(long offset, ByteBuffer content) {
        ByteBuffer rest = content.duplicate();
        long at = offset;
        while (rest.hasRemaining()) {
            RegionSums sums = silent ? null : from(at);
            if (sums == null || at % sums.regionBytes() != 0) {
                return Comparison.UNKNOWN;
            }
            int length = (int) Math.min(sums.regionBytes(), sizeBytes - at);
            if (length > rest.remaining()) {
                return Comparison.UNKNOWN; // smaller regions here than pieces there
            }
            int index = (int) (at / sums.regionBytes() - sums.firstRegion());
            if (checksum(rest.slice(rest.position(), length)) != sums.sums().get(index)) {
                return Comparison.DIFFERENT;
            }
            rest.position(rest.position() + length);
            at += length;
        }
        return Comparison.SAME;
    }

    /** As {@link #compare}; where the source cannot be asked it counts as silent from then on. */
    Comparison compareIfHeard(long offset, ByteBuffer content) {
        try {
            return compare(offset, content);
        } catch (BlockDeviceException e) {
            log.warn(
                    "the source cannot be asked for its checksums; comparing with those of what it sent: {}",
                    e.getMessage());
            silent = true;
            return Comparison.UNKNOWN;
        }
    }

    private @Nullable RegionSums from(long offset) {
        RegionSums now = known;
        if (now == null || !holds(now, offset)) {
            long piece = now == null ? 0 : offset / now.regionBytes();
            now = source.ask(piece);
            if (now != null && !holds(now, offset)) {
                now = source.ask(offset / now.regionBytes());
            }
            known = now;
            silent = now == null;
        }
        return now != null && holds(now, offset) ? now : null;
    }

    private static boolean holds(RegionSums sums, long offset) {
        long piece = offset / sums.regionBytes();
        return piece >= sums.firstRegion() && piece < sums.end();
    }

    private static int checksum(ByteBuffer content) {
        CRC32C crc = new CRC32C();
        crc.update(content);
        return (int) crc.getValue();
    }
}
