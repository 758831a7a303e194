package io.sluice.agent.clone;

import io.sluice.agent.api.AttachmentReport;
import io.sluice.agent.api.MissingBytes;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Has it found out what only a source has, once that has been away for longer than a cable that was moved, and then seldom. */
public final class SourceAbsence {
    private static final Duration AWAY = Duration.ofSeconds(15);

    /** It changes only by what the workload writes meanwhile. */
    private static final Duration LOOK_AGAIN = Duration.ofSeconds(30);

    private @Nullable Instant looked;
    private @Nullable MissingBytes found;

    /**
     * Null while the source is there, and when its absence is too short or what it has is not known.
     *
     * @param source null when there is no session to speak of
     * @param missing null when nothing is, or it cannot be told
     */
    public synchronized @Nullable MissingBytes look(
            @Nullable AttachmentReport source, Instant now, Supplier<@Nullable MissingBytes> missing) {
        if (source == null || source.connected() || source.secondsInState() < AWAY.toSeconds()) {
            looked = null;
            found = null;
        } else if (looked == null || now.isAfter(looked.plus(LOOK_AGAIN))) {
            looked = now;
            found = missing.get();
        }
        return found;
    }
}
