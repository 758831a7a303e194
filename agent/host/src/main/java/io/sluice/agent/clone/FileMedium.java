package io.sluice.agent.clone;

import io.sluice.iscsi.block.BlockDeviceException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.function.Consumer;

/**
 * A metadata file. Uses {@link RandomAccessFile} because a channel closes itself when its caller is interrupted, and an
 * interrupted command must not cost the device its metadata.
 */
final class FileMedium implements Medium {
    private final Path path;
    private final RandomAccessFile file;

    private FileMedium(Path path, RandomAccessFile file) {
        this.path = path;
        this.file = file;
    }

    static FileMedium open(Path path) {
        return open(path, "rw");
    }

    /** Makes none. */
    static FileMedium openForReading(Path path) {
        return open(path, "r");
    }

    private static FileMedium open(Path path, String mode) {
        try {
            return new FileMedium(path, new RandomAccessFile(path.toFile(), mode));
        } catch (IOException e) {
            throw failure("open", path, e);
        }
    }

    /** Makes the file appear whole or not at all: written under another name, forced, renamed, the directory forced. */
    static void create(Path path, Consumer<Medium> format) {
        Path draft = path.resolveSibling(path.getFileName() + ".new");
        try {
            Files.deleteIfExists(draft);
            try (FileMedium medium = open(draft)) {
                format.accept(medium);
                medium.force();
            }
            Files.move(draft, path, StandardCopyOption.ATOMIC_MOVE);
            forceDirectory(path);
        } catch (IOException e) {
            throw failure("create", path, e);
        }
    }

    static void delete(Path path) {
        try {
            if (Files.deleteIfExists(path)) {
                forceDirectory(path);
            }
        } catch (IOException e) {
            throw failure("delete", path, e);
        }
    }

    @Override
    public boolean read(long offset, ByteBuffer into) {
        try {
            byte[] bytes = new byte[into.remaining()];
            if (offset + bytes.length > file.length()) {
                return false;
            }
            file.seek(offset);
            file.readFully(bytes);
            into.put(bytes);
            return true;
        } catch (IOException e) {
            throw failure("read", path, e);
        }
    }

    @Override
    public void write(long offset, ByteBuffer from) {
        try {
            byte[] bytes = new byte[from.remaining()];
            from.get(bytes);
            file.seek(offset);
            file.write(bytes);
        } catch (IOException e) {
            throw failure("write", path, e);
        }
    }

    @Override
    public void force() {
        try {
            file.getFD().sync();
        } catch (IOException e) {
            throw failure("force", path, e);
        }
    }

    @Override
    public void close() {
        try {
            file.close();
        } catch (IOException e) {
            throw failure("close", path, e);
        }
    }

    private static void forceDirectory(Path path) throws IOException {
        Path directory = path.toAbsolutePath().getParent();
        if (directory != null) {
            try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
                channel.force(true);
            }
        }
    }

    private static BlockDeviceException failure(String what, Path path, IOException cause) {
        return new BlockDeviceException(
                "cannot " + what + " clone metadata " + path + ": " + cause.getMessage(), false, cause);
    }
}
