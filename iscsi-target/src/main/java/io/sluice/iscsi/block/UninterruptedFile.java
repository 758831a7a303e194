package io.sluice.iscsi.block;

import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A {@link FileChannel} that outlives interrupts. The JDK closes a channel under every one of its users when one thread that is in
 * it, or enters it, is interrupted; here the channel is then opened anew and the operation repeated, which is harmless because all
 * of them are positional. The interrupt stays set on its thread. The path must keep naming the same file (/proc/self/fd/N does).
 */
final class UninterruptedFile implements AutoCloseable {
    /** What is done with the channel; may be run again from its start. */
    interface Operation {
        void on(FileChannel channel) throws IOException;
    }

    private final Path path;
    private final Set<OpenOption> options;
    private final ReentrantLock opening = new ReentrantLock();
    private volatile @Nullable FileChannel channel;

    UninterruptedFile(Path path, boolean readOnly) throws IOException {
        this.path = path;
        this.options =
                readOnly ? Set.of(StandardOpenOption.READ) : Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE);
        this.channel = FileChannel.open(path, options);
    }

    void run(Operation operation) throws IOException {
        boolean interrupted = false;
        try {
            while (true) {
                FileChannel current = open();
                try {
                    operation.on(current);
                    return;
                } catch (ClosedChannelException closedUnderway) {
                    // Also AsynchronousCloseException (another thread was interrupted) and ClosedByInterruptException.
                    interrupted |= Thread.interrupted();
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private FileChannel open() throws IOException {
        FileChannel current = channel;
        if (current != null && current.isOpen()) {
            return current;
        }
        opening.lock();
        try {
            FileChannel latest = channel;
            if (latest == null) {
                throw new IOException("closed");
            }
            if (!latest.isOpen()) {
                latest = FileChannel.open(path, options);
                channel = latest;
            }
            return latest;
        } finally {
            opening.unlock();
        }
    }

    @Override
    public void close() throws IOException {
        opening.lock();
        try {
            FileChannel current = channel;
            channel = null;
            if (current != null) {
                current.close();
            }
        } finally {
            opening.unlock();
        }
    }
}
