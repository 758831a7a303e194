package io.sluice.agent.ledger;

import io.sluice.agent.api.HostSpec;
import io.sluice.agent.reconcile.SpecLedger;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import org.jspecify.annotations.Nullable;

/** The agent's state directory: the last spec, the count of starts, and a lock that keeps a second agent out. */
public final class Ledger implements SpecLedger, AutoCloseable {

    /** How often the agent was started on this directory. */
    record Starts(long count) {}

    private final Path directory;
    private final FileChannel lock;
    private final DurableRecord<HostSpec> spec;
    private final long incarnation;

    private Ledger(Path directory, FileChannel lock) {
        this.directory = directory;
        this.lock = lock;
        this.spec = new DurableRecord<>(directory.resolve("spec.json"), HostSpec.class);
        DurableRecord<Starts> starts = new DurableRecord<>(directory.resolve("starts.json"), Starts.class);
        Starts before = starts.read();
        this.incarnation = before == null ? 1 : before.count() + 1;
        starts.write(new Starts(incarnation));
    }

    /**
     * Makes the directory if need be (mode 0700), takes its lock, counts this start.
     *
     * @throws LedgerException when another agent uses it, or it cannot be used
     */
    public static Ledger open(Path directory) {
        try {
            if (!Files.isDirectory(directory)) {
                Files.createDirectories(
                        directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            }
            FileChannel channel =
                    FileChannel.open(directory.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            return new Ledger(directory, locked(channel, directory));
        } catch (IOException e) {
            throw new LedgerException(
                    "state directory " + directory + " cannot be used (" + e + "): check stateDirectory and its owner",
                    e);
        }
    }

    private static FileChannel locked(FileChannel channel, Path directory) throws IOException {
        FileLock held;
        try {
            held = channel.tryLock();
        } catch (OverlappingFileLockException e) {
            held = null;
        }
        if (held == null) {
            channel.close();
            throw new LedgerException(
                    "state directory " + directory
                            + " is in use by another agent: stop that one, or give this one its own",
                    null);
        }
        return channel;
    }

    public Path directory() {
        return directory;
    }

    /** 1 at the first start on this directory, one more at each. */
    public long incarnation() {
        return incarnation;
    }

    @Override
    public @Nullable HostSpec read() {
        return spec.read();
    }

    @Override
    public void write(HostSpec next) {
        spec.write(next);
    }

    @Override
    public void close() {
        try {
            lock.close();
        } catch (IOException e) {
            throw new LedgerException("the lock of state directory " + directory + " cannot be let go", e);
        }
    }
}
