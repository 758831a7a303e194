package io.sluice.agent.attach;

import io.sluice.agent.api.MigrationId;
import io.sluice.agent.api.MissingBytes.Range;
import io.sluice.agent.api.VolumeId;
import io.sluice.agent.clone.CloneBinding;
import io.sluice.agent.clone.CloneFiles;
import io.sluice.agent.reconcile.CloneOrder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The clone devices' metadata files, named {@code VOLUME@MIGRATION.clone}: neither part can contain an {@code @}. */
public final class CloneDirectory {
    private static final String SUFFIX = ".clone";

    private final Path directory;
    private final String bootId;

    /** @param bootId the kernel's id of this boot */
    public CloneDirectory(Path directory, String bootId) {
        this.directory = directory;
        this.bootId = bootId;
        try {
            Files.createDirectories(directory);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot make " + directory + " for clone metadata", e);
        }
    }

    /** Metadata that is there. */
    record Kept(VolumeId volume, MigrationId migration, Path file) {}

    List<Kept> list() {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(CloneDirectory::isMetadata)
                    .map(CloneDirectory::parse)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot list " + directory, e);
        }
    }

    CloneFiles files(CloneOrder order) {
        VolumeId volume = order.volume().volume();
        return new CloneFiles(
                directory.resolve(volume + "@" + order.migration() + SUFFIX),
                new CloneBinding(order.migration(), order.epoch(), volume.value()),
                bootId);
    }

    /** Where the bytes are that only a volume's source has, all of them; null when no clone of it is here. May be in use. */
    public @Nullable List<Range> missing(VolumeId volume) {
        for (Kept kept : list()) {
            if (kept.volume().equals(volume)) {
                return CloneFiles.missing(kept.file(), bootId);
            }
        }
        return null;
    }

    void delete(VolumeId volume) {
        for (Kept kept : list()) {
            if (kept.volume().equals(volume)) {
                CloneFiles.delete(kept.file());
            }
        }
    }

    private static boolean isMetadata(Path file) {
        String name = file.getFileName().toString();
        return name.endsWith(SUFFIX) && name.indexOf('@') > 0;
    }

    private static Kept parse(Path file) {
        String name = file.getFileName().toString();
        int at = name.indexOf('@');
        return new Kept(
                new VolumeId(name.substring(0, at)),
                new MigrationId(name.substring(at + 1, name.length() - SUFFIX.length())),
                file);
    }
}
