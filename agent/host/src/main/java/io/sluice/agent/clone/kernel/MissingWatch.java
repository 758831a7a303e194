package io.sluice.agent.clone.kernel;

import io.sluice.agent.api.AttachmentReport;
import io.sluice.agent.api.MissingBytes;
import io.sluice.agent.clone.MissingRanges;
import io.sluice.agent.clone.SourceAbsence;
import io.sluice.iscsi.block.BlockDeviceException;
import java.nio.file.Path;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What only a clone's source has while that is away, as the clone's metadata on disk say. */
final class MissingWatch {
    private static final Logger log = LoggerFactory.getLogger(MissingWatch.class);

    private final Media media;
    private final SourceAbsence absence = new SourceAbsence();

    MissingWatch(Media media) {
        this.media = media;
    }

    @Nullable
    MissingBytes look(CloneRecord record, @Nullable AttachmentReport source, Instant now) {
        return absence.look(source, now, () -> read(record));
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
