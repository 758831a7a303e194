package io.sluice.agent.clone.kernel;

import io.sluice.agent.api.AttachmentReport;
import io.sluice.agent.api.MissingBytes;
import io.sluice.agent.clone.MissingRanges;
import io.sluice.iscsi.block.BlockDeviceException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds out what only the source has, once that has been away for longer than a cable that was moved. For one thread at a time. */
final class MissingWatch {
    private static final Logger log = LoggerFactory.getLogger(MissingWatch.class);

    /** It changes only by what the workload writes meanwhile. */
    private static final Duration LOOK_AGAIN = Duration.ofSeconds(30);

    private final Media media;
    private @Nullable Instant looked;
    private @Nullable MissingBytes found;

    MissingWatch(Media media) {
        this.media = media;
    }

    /** Null while the source is there, and when its absence is too short or what it has is not known. */
    @Nullable
    MissingBytes look(CloneRecord record, @Nullable AttachmentReport source, Instant now) {
        if (!MissingRanges.worthTelling(source)) {
            looked = null;
            found = null;
        } else if (looked == null || now.isAfter(looked.plus(LOOK_AGAIN))) {
            looked = now;
            found = read(record);
        }
        return found;
    }

    private @Nullable MissingBytes read(CloneRecord record) {
        try (Media.Uncached metadata = media.uncached(Path.of(record.metadata()))) {
            return MissingRanges.of(LocalRegions.read(metadata, record), record.sizeBytes(), record.regionBytes());
        } catch (BlockDeviceException e) {
            log.warn("cannot tell what is missing while the source is away volume={}", record.volume(), e);
            return null;
        }
    }
}
