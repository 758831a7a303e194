package io.sluice.orchestrator.settings;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.function.Supplier;

/** Directories and files that only the server's user may read. */
public final class PrivateFiles {
    private static final Set<PosixFilePermission> OWNER_FILE = PosixFilePermissions.fromString("rw-------");
    private static final Set<PosixFilePermission> OWNER_DIRECTORY = PosixFilePermissions.fromString("rwx------");

    private PrivateFiles() {}

    public static void directory(Path directory) {
        try {
            if (!Files.isDirectory(directory)) {
                Path parent = directory.toAbsolutePath().getParent();
                if (parent != null) {
                    Files.createDirectories(parent);
                }
                Files.createDirectory(directory, PosixFilePermissions.asFileAttribute(OWNER_DIRECTORY));
            }
        } catch (FileAlreadyExistsException e) {
            throw new StartupException(directory + " exists and is no directory", "Give another --data-dir.", e);
        } catch (IOException e) {
            throw new StartupException(
                    "cannot make the data directory " + directory + ": " + e.getMessage(),
                    "Give a --data-dir that this user may write to.",
                    e);
        }
    }

    /** The file's one line; written with what {@code make} gives, whole or not at all, when it does not exist. */
    public static String readOrMake(Path file, Supplier<String> make) {
        if (!Files.exists(file)) {
            Path half = file.resolveSibling(file.getFileName() + ".new");
            try {
                Files.deleteIfExists(half);
                try (FileChannel channel = FileChannel.open(
                        half,
                        Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                        PosixFilePermissions.asFileAttribute(OWNER_FILE))) {
                    ByteBuffer content = StandardCharsets.UTF_8.encode(make.get() + "\n");
                    while (content.hasRemaining()) {
                        channel.write(content);
                    }
                    channel.force(true);
                }
                Files.move(half, file, StandardCopyOption.ATOMIC_MOVE);
            } catch (IOException e) {
                throw new StartupException(
                        "cannot write " + file + ": " + e.getMessage(),
                        "Make its directory writable for this user.",
                        e);
            }
        }
        return read(file);
    }

    public static String read(Path file) {
        try {
            String content = Files.readString(file).strip();
            if (content.isEmpty()) {
                throw new StartupException(file + " is empty", "Write the secret into it, one line.");
            }
            return content;
        } catch (IOException e) {
            throw new StartupException(
                    "cannot read " + file + ": " + e.getMessage(), "Give a file that this user may read.", e);
        }
    }
}
