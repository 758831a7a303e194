package io.sluice.agent.clone.kernel;

import io.sluice.agent.api.VolumeId;
import io.sluice.agent.ledger.DurableRecord;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The records of this host's kernel clones, a file each in a directory of the agent's own. */
final class CloneRecords {
    private static final String SUFFIX = ".dm-clone";

    private final Path directory;

    CloneRecords(Path directory) {
        this.directory = directory;
        try {
            Files.createDirectories(directory);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot make " + directory + " for the records of clones", e);
        }
    }

    List<CloneRecord> all() {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.toString().endsWith(SUFFIX))
                    .map(file -> new DurableRecord<>(file, CloneRecord.class).read())
                    .filter(Objects::nonNull)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot list " + directory, e);
        }
    }

    @Nullable
    CloneRecord find(VolumeId volume) {
        return of(volume).read();
    }

    void write(CloneRecord record) {
        of(record.volume()).write(record);
    }

    /** Harmless when there is none. */
    void remove(VolumeId volume) {
        of(volume).remove();
    }

    private DurableRecord<CloneRecord> of(VolumeId volume) {
        return new DurableRecord<>(directory.resolve(volume + SUFFIX), CloneRecord.class);
    }
}
