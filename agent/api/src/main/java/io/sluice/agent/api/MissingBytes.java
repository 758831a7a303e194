package io.sluice.agent.api;

import java.util.List;

/**
 * What of a volume lies on its source alone.
 *
 * @param bytes how many in all
 * @param ranges where, in order: the first ones
 * @param furtherRanges how many ranges follow those
 */
public record MissingBytes(long bytes, List<Range> ranges, long furtherRanges) {

    /** A range of the volume. */
    public record Range(long offset, long lengthBytes) {
        /** The first byte behind it. */
        public long end() {
            return offset + lengthBytes;
        }
    }

    public MissingBytes {
        ranges = List.copyOf(ranges);
    }
}
