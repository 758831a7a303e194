package io.sluice.agent.volume.lvm;

import io.sluice.iscsi.block.FileDisk;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/** What is done with a volume's own bytes; failures are {@code BlockDeviceException}. */
interface Blocks extends LvmReports.Sectors {

    /** Puts what was written to it on stable storage and forgets what is cached of it. */
    void flush(Path device);

    /** Fills it with zeros, durably; tells now and then how many bytes are done. */
    void zero(Path device, LongConsumer done);

    /** The devices of this host. */
    Blocks LINUX = new Blocks() {
        /** A piece the kernel zeroes in one call: short enough to tell progress, and that an ending agent is not held up. */
        private static final long PIECE_BYTES = 64L << 20;

        @Override
        public @Nullable Integer sectorBytes(String device) {
            Path file = Path.of("/sys/dev/block", device, "queue/logical_block_size");
            try {
                return Integer.valueOf(Files.readString(file).strip());
            } catch (NoSuchFileException e) {
                return null;
            } catch (IOException e) {
                throw new UncheckedIOException("cannot read " + file, e);
            }
        }

        @Override
        public void flush(Path device) {
            try (FileDisk disk = FileDisk.open(device, 4096, true)) {
                disk.forgetCached();
            }
        }

        @Override
        public void zero(Path device, LongConsumer done) {
            try (FileDisk disk = FileDisk.open(device, 4096, false)) {
                for (long at = 0; at < disk.sizeBytes(); at += PIECE_BYTES) {
                    long piece = Math.min(PIECE_BYTES, disk.sizeBytes() - at);
                    disk.unmap(at, piece);
                    done.accept(at + piece);
                }
                disk.flush();
            }
        }
    };
}
