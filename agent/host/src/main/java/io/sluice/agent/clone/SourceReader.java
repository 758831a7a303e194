package io.sluice.agent.clone;

import io.sluice.iscsi.block.BlockDevice;
import io.sluice.iscsi.block.BlockDeviceException;
import io.sluice.iscsi.block.Extent;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Reads the source, never writes it. As long as the source may come back, a read waits and is tried again; only a failure that
 * the source itself calls lasting gets out.
 */
final class SourceReader {
    private final BlockDevice source;
    private final CloneOptions options;
    private final Stop stop;
    private volatile @Nullable String trouble;

    SourceReader(BlockDevice source, CloneOptions options, Stop stop) {
        this.source = source;
        this.options = options;
        this.stop = stop;
    }

    /** Fills {@code into}; false when {@code wanted} became false before that, the buffer then holds nothing of use. */
    boolean read(long offset, ByteBuffer into, BooleanSupplier wanted) {
        Boolean done = retrying(
                () -> {
                    source.read(offset, into.duplicate());
                    return Boolean.TRUE;
                },
                wanted);
        if (done == null) {
            return false;
        }
        into.position(into.limit());
        return true;
    }

    Extent extentAt(long offset) {
        Extent extent = retrying(() -> source.extentAt(offset), () -> true);
        if (extent == null) {
            throw Stop.closed();
        }
        return extent;
    }

    /** What the last attempt met with; null when it went well. */
    @Nullable
    String trouble() {
        return trouble;
    }

    private <T> @Nullable T retrying(Supplier<T> attempt, BooleanSupplier wanted) {
        Duration wait = options.firstRetry();
        while (wanted.getAsBoolean()) {
            stop.check();
            try {
                T result = attempt.get();
                trouble = null;
                return result;
            } catch (BlockDeviceException e) {
                trouble = e.getMessage();
                if (!e.transientFailure()) {
                    throw e;
                }
            }
            try {
                stop.within(wait);
            } catch (InterruptedException e) {
                throw Stop.interrupted(e);
            }
            wait = wait.multipliedBy(2).compareTo(options.longestRetry()) < 0
                    ? wait.multipliedBy(2)
                    : options.longestRetry();
        }
        return null;
    }
}
