package io.sluice.iscsi.reservation;

import io.sluice.iscsi.scsi.ReservationStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.HexFormat;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A directory with a file for each unit that has something to keep. A file is replaced whole, by renaming. */
public final class FileReservationStore implements ReservationStore {
    private final Path directory;

    private FileReservationStore(Path directory) {
        this.directory = directory;
    }

    /**
     * Keeps reservations in a directory, which is made where it is not there.
     *
     * @throws UncheckedIOException when it cannot be made
     */
    public static FileReservationStore in(Path directory) {
        try {
            Files.createDirectories(directory);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot make the directory %s for reservations".formatted(directory), e);
        }
        return new FileReservationStore(directory);
    }

    @Override
    public boolean keeps() {
        return true;
    }

    @Override
    public @Nullable String load(String serial) {
        Path file = file(serial);
        try {
            return Files.readString(file);
        } catch (NoSuchFileException never) {
            return null;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the reservations in %s".formatted(file), e);
        }
    }

    @Override
    public void save(String serial, String content) {
        Path file = file(serial);
        Path next = file.resolveSibling(file.getFileName() + ".new");
        try {
            try (FileChannel channel = FileChannel.open(
                    next,
                    Set.of(
                            StandardOpenOption.CREATE,
                            StandardOpenOption.TRUNCATE_EXISTING,
                            StandardOpenOption.WRITE))) {
                ByteBuffer bytes = StandardCharsets.UTF_8.encode(content);
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
                channel.force(true);
            }
            Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            try (FileChannel entries = FileChannel.open(directory, StandardOpenOption.READ)) {
                entries.force(true);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot keep the reservations in %s".formatted(file), e);
        }
    }

    /** A serial may hold what a file name may not. */
    private Path file(String serial) {
        String name = HexFormat.of().formatHex(serial.getBytes(StandardCharsets.US_ASCII));
        return directory.resolve("unit-" + name + ".reservations");
    }
}
