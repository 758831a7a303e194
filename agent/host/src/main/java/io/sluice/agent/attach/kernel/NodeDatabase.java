package io.sluice.agent.attach.kernel;

import io.sluice.agent.api.Portal;
import io.sluice.agent.attach.kernel.AttachmentOrder.Node;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;

/**
 * open-iscsi's directory of node records, of which we touch our own. Records are of mode 0600: they hold secrets. So do drafts of
 * them, which an agent that ends in the middle of writing leaves behind: they go when the next one starts, and with every change.
 */
final class NodeDatabase {
    /** No directory, so no target's. */
    private static final String DRAFTS = ".sluice-*.new";

    private final Path directory;
    private final ReentrantLock lock = new ReentrantLock();

    /** @param directory {@code /etc/iscsi/nodes} */
    NodeDatabase(Path directory) {
        this.directory = directory;
        alone(() -> {});
    }

    /** One change at a time, so that every draft there is before one is left from a change that did not end. */
    private void alone(Change change) {
        lock.lock();
        try {
            deleteDrafts();
            change.make();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot change node records in " + directory + ": " + e.getMessage(), e);
        } finally {
            lock.unlock();
        }
    }

    private interface Change {
        void make() throws IOException;
    }

    private void deleteDrafts() throws IOException {
        try (DirectoryStream<Path> drafts = Files.newDirectoryStream(directory, DRAFTS)) {
            for (Path draft : drafts) {
                Files.deleteIfExists(draft);
            }
        } catch (NoSuchFileException e) {
            // Nobody has written a record here yet.
            return;
        }
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
        // beside the targets' directories, for this one may be a file system of its own
        Path draft = directory.resolve(DRAFTS.replace("*", Integer.toHexString(file.hashCode())));
        alone(() -> {
            Files.createDirectories(
                    file.getParent(),
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
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
        });
    }

    /** Removes the record, the directories it leaves empty, and every draft; harmless when there is none. */
    void delete(String target, Portal portal) {
        Path file = directory.resolve(NodeRecord.file(target, portal));
        alone(() -> {
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
            }
        });
    }
}
