package io.sluice.agent.clone.kernel;

import io.sluice.agent.api.FailureKind;
import io.sluice.agent.api.IncomingVolume;
import io.sluice.agent.attach.SourceCall;
import io.sluice.agent.attach.Sources;
import io.sluice.agent.attach.Sources.SourceSession;
import io.sluice.agent.reconcile.HostActionException;
import io.sluice.iscsi.block.BlockDeviceException;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Sources of which each question has a limit. One that is not answered ends what asked it, typed, and the message names the source. */
public final class BoundedSources {
    /** Longer than a session takes to come back after a short break, short enough for an abort to get its turn. */
    private static final Duration ANSWER_WITHIN = Duration.ofSeconds(15);

    private final Sources sources;
    private final Duration limit;

    public BoundedSources(Sources sources) {
        this(sources, ANSWER_WITHIN);
    }

    BoundedSources(Sources sources, Duration limit) {
        this.sources = sources;
        this.limit = limit;
    }

    /**
     * Logs in.
     *
     * @throws HostActionException {@code SOURCE_UNREACHABLE}, or {@code IDENTITY_MISMATCH} when it is not the disk of the record
     */
    BoundedSource open(IncomingVolume volume, CloneRecord record) {
        SourceSession session = asked(volume, "what it is", () -> sources.open(volume), SourceSession::close);
        BoundedSource source = new BoundedSource(this, volume, session);
        boolean same = false;
        try {
            source.requireSame(record);
            same = true;
        } finally {
            if (!same) {
                source.close();
            }
        }
        return source;
    }

    <T extends @Nullable Object> T asked(IncomingVolume volume, String what, Supplier<T> question, Consumer<T> late) {
        try {
            return SourceCall.within(limit, what, question, late);
        } catch (BlockDeviceException e) {
            throw new HostActionException(
                    "SOURCE_UNREACHABLE",
                    FailureKind.RETRY,
                    "volume " + volume.volume() + ", its export "
                            + volume.access().target() + " on " + volume.portal()
                            + ": " + e.getMessage()
                            + "; it is tried again, see that the source's agent runs and its portal can be reached",
                    e);
        }
    }
}
