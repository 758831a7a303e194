package io.sluice.agent.export;

import io.sluice.agent.api.VolumeId;
import io.sluice.iscsi.login.ChapCredentials;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Set;

/** The CHAP secret of each disk, made at its first use and kept in a file of mode 0600 for as long as the host keeps its state. */
public final class DiskSecrets {
    /** 128 random bits; RFC 7143 §9.2.1 asks for at least 96. */
    private static final int SECRET_BYTES = 16;

    private final Path directory;
    private final SecureRandom random = new SecureRandom();

    public DiskSecrets(Path directory) {
        this.directory = directory;
    }

    String user(VolumeId volume) {
        return volume.value();
    }

    Path file(VolumeId volume) {
        return directory.resolve(volume + ".secret");
    }

    ChapCredentials credentials(VolumeId volume) {
        try {
            Path file = file(volume);
            if (!Files.exists(file)) {
                create(file);
            }
            return new ChapCredentials(
                    user(volume), Files.readString(file).strip().getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot keep the secret of disk " + volume + " in " + directory, e);
        }
    }

    private void create(Path file) throws IOException {
        Files.createDirectories(
                directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        byte[] secret = new byte[SECRET_BYTES];
        random.nextBytes(secret);
        Path draft = file.resolveSibling(file.getFileName() + ".new");
        Files.deleteIfExists(draft);
        try (FileChannel channel = FileChannel.open(
                draft,
                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
            ByteBuffer text = StandardCharsets.US_ASCII.encode(HexFormat.of().formatHex(secret));
            while (text.hasRemaining()) {
                channel.write(text);
            }
            channel.force(true);
        }
        Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
    }
}
