package io.sluice.agent.clone.kernel;

import io.sluice.agent.api.FailureKind;
import io.sluice.agent.api.IncomingVolume;
import io.sluice.agent.attach.Sources.SourceSession;
import io.sluice.agent.reconcile.HostActionException;
import io.sluice.iscsi.block.Extent;
import io.sluice.iscsi.initiator.RegionSums;
import java.nio.ByteBuffer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A session of a clone's own with its source, as {@link BoundedSources} opens it. */
final class BoundedSource implements AutoCloseable {
    private final BoundedSources sources;
    private final IncomingVolume volume;
    private final SourceSession session;

    BoundedSource(BoundedSources sources, IncomingVolume volume, SourceSession session) {
        this.sources = sources;
        this.volume = volume;
        this.session = session;
    }

    void requireSame(CloneRecord record) {
        if (session.sizeBytes() != record.sizeBytes()
                || session.blockBytes() != record.blockBytes()
                || !session.serial().equals(record.volume().value())) {
            throw new HostActionException(
                    "IDENTITY_MISMATCH",
                    FailureKind.ABORT,
                    "the export of volume " + record.volume() + " has serial '" + session.serial() + "' and "
                            + session.sizeBytes() + " bytes in blocks of " + session.blockBytes()
                            + ": it is not the disk that is being cloned");
        }
    }

    Extent extentAt(long offset) {
        return asked("what it allocates", () -> session.extentAt(offset));
    }

    @Nullable
    RegionSums checksums(long firstRegion) {
        return asked("its checksums", () -> session.checksums(firstRegion));
    }

    /** So many bytes, in a buffer of their own: an answer that comes too late finds nobody reading it. */
    ByteBuffer read(long offset, int bytes) {
        return asked("its content", () -> {
            ByteBuffer content = ByteBuffer.allocateDirect(bytes);
            session.read(offset, content);
            return content.flip();
        });
    }

    /** Of one small read. The better of two: the first may have had to wake a disk. */
    long roundTripNanos() {
        long best = Long.MAX_VALUE;
        for (int i = 0; i < 2; i++) {
            long began = System.nanoTime();
            read(0, session.blockBytes());
            best = Math.min(best, System.nanoTime() - began);
        }
        return best;
    }

    private <T extends @Nullable Object> T asked(String what, Supplier<T> question) {
        return sources.asked(volume, what, question, late -> {});
    }

    @Override
    public void close() {
        session.close();
    }
}
