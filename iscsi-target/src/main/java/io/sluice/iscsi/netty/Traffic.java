package io.sluice.iscsi.netty;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a target has done since it was first served. All numbers only grow.
 *
 * @param reads commands that returned content of a disk
 * @param writes commands that brought data
 * @param others commands that did neither
 * @param failures commands that ended otherwise than GOOD; counted here alone
 * @param latency of all commands, from when a command was ready to run until its result was there; time spent held back by a
 *     ceiling included
 * @param lastIo when the last read or write ended; null if there was none yet
 */
public record Traffic(
        long reads,
        long writes,
        long others,
        long failures,
        long bytesRead,
        long bytesWritten,
        List<Bucket> latency,
        @Nullable Instant lastIo) {

    public Traffic {
        latency = List.copyOf(latency);
    }

    /**
     * A bucket of a histogram.
     *
     * @param upToNanos its inclusive upper bound; {@link Long#MAX_VALUE} for the last
     * @param count commands in this bucket alone
     */
    public record Bucket(long upToNanos, long count) {}
}
