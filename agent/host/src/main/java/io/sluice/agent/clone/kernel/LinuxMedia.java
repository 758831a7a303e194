package io.sluice.agent.clone.kernel;

import io.sluice.iscsi.block.BlockDeviceException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;

/** Block devices of Linux: O_DIRECT past the page cache, BLKDISCARD, fsync. */
final class LinuxMedia implements Media {
    /** Buffers of O_DIRECT lie at such addresses: the largest block of any disk. */
    private static final int ALIGNMENT = 4096;

    /** Reads go through a buffer of this size, so that callers need not align theirs. */
    private static final int PIECE_BYTES = 1 << 20;

    /** O_DIRECT, of module jdk.unsupported. By its name, since javac warns of every mention and cannot be told not to. */
    private static final OpenOption DIRECT = direct();

    private static OpenOption direct() {
        try {
            Object[] options =
                    Class.forName("com.sun.nio.file.ExtendedOpenOption").getEnumConstants();
            for (Object option : options) {
                if (option instanceof OpenOption found && option.toString().equals("DIRECT")) {
                    return found;
                }
            }
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException("this JDK has no module jdk.unsupported, thus no O_DIRECT", e);
        }
        throw new IllegalStateException("this JDK has no O_DIRECT");
    }

    @Override
    public void zeroHead(Path device, int bytes) {
        ByteBuffer zeros = aligned(bytes);
        try (FileChannel channel = open(device, StandardOpenOption.WRITE, DIRECT)) {
            for (int at = 0; zeros.hasRemaining(); ) {
                at += channel.write(zeros, at);
            }
            channel.force(true);
        } catch (IOException e) {
            throw failure("zero the head of", device, e);
        }
    }

    @Override
    public Discarding discarding(Path device) {
        return new BlockDiscards(device);
    }

    @Override
    public void flush(Path device) {
        try (FileChannel channel = open(device, StandardOpenOption.WRITE)) {
            channel.force(true);
        } catch (IOException e) {
            throw failure("flush", device, e);
        }
    }

    @Override
    public Uncached uncached(Path device) {
        try {
            return new DirectReads(device, open(device, StandardOpenOption.READ, DIRECT));
        } catch (IOException e) {
            throw failure("open", device, e);
        }
    }

    private static FileChannel open(Path device, OpenOption... options) throws IOException {
        return FileChannel.open(device, Set.of(options));
    }

    private static ByteBuffer aligned(int bytes) {
        return ByteBuffer.allocateDirect(bytes + ALIGNMENT)
                .alignedSlice(ALIGNMENT)
                .slice(0, bytes);
    }

    private static BlockDeviceException failure(String action, Path device, IOException e) {
        return new BlockDeviceException("cannot " + action + " " + device + ": " + e.getMessage(), true, e);
    }

    private static final class DirectReads implements Uncached {
        private final Path device;
        private final FileChannel channel;
        private final ByteBuffer piece = aligned(PIECE_BYTES);

        DirectReads(Path device, FileChannel channel) {
            this.device = device;
            this.channel = channel;
        }

        @Override
        public void read(long offset, ByteBuffer into) {
            try {
                for (long at = offset; into.hasRemaining(); ) {
                    piece.clear().limit(Math.min(PIECE_BYTES, into.remaining()));
                    int count = channel.read(piece, at);
                    if (count <= 0) {
                        throw new BlockDeviceException(device + " ends at byte " + at, false);
                    }
                    into.put(piece.flip());
                    at += count;
                }
            } catch (IOException e) {
                throw failure("read", device, e);
            }
        }

        @Override
        public void close() {
            try {
                channel.close();
            } catch (IOException e) {
                throw failure("close", device, e);
            }
        }
    }
}
