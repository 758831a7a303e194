package io.sluice.agent.attach.kernel;

import io.sluice.agent.api.Portal;
import io.sluice.agent.attach.kernel.AttachmentOrder.Node;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/** open-iscsi's directory of node records, of which we touch our own. Records are of mode 0600: they hold secrets. */
final class NodeDatabase {
    private final Path directory;

    /** @param directory {@code /etc/iscsi/nodes} */
    NodeDatabase(Path directory) {
        this.directory = directory;
    }

    void write(Node node) {
        write(node.target(), node.portal(), NodeRecord.text(node));
    }

    /** A session cannot be ended without a record. Should ours be gone, one without secrets will do. */
    void writeIfMissing(String target, Portal portal) {
        if (!Files.exists(directory.resolve(NodeRecord.file(target, portal)))) {
            write(target, portal, NodeRecord.withoutSecrets(target, portal));
        }
    }

    /** Replaces the record in one step, so that nobody reads half of one. */
    private void write(String target, Portal portal, String record) {
        Path file = directory.resolve(NodeRecord.file(target, portal));
        // no directory, so no target's; beside those, for the directory may be a file system of its own
        Path draft = directory.resolve(".sluice-" + Integer.toHexString(file.hashCode()) + ".new");
        try {
            Files.createDirectories(
                    file.getParent(),
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            Files.deleteIfExists(draft);
            try (FileChannel channel = FileChannel.open(
                    draft,
                    Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
                ByteBuffer text = StandardCharsets.UTF_8.encode(record);
                while (text.hasRemaining()) {
                    channel.write(text);
                }
                channel.force(true);
            }
            Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write the node record of target " + target, e);
        }
    }

    /** Removes the record and the directories it leaves empty; harmless when there is none. */
    void delete(String target, Portal portal) {
        Path file = directory.resolve(NodeRecord.file(target, portal));
        try {
            Files.deleteIfExists(file);
            for (Path emptied = file.getParent();
                    emptied != null && !emptied.equals(directory);
                    emptied = emptied.getParent()) {
                Files.deleteIfExists(emptied);
            }
        } catch (DirectoryNotEmptyException e) {
            // Somebody else's record of the same target lies beside it.
            return;
        } catch (NoSuchFileException e) {
            return;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot delete the node record of target " + target, e);
        }
    }
}
