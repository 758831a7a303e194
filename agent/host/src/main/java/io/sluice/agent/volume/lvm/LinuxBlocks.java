package io.sluice.agent.volume.lvm;

import io.sluice.iscsi.block.BlockDeviceException;
import io.sluice.iscsi.block.FileDisk;
import io.sluice.linux.LinuxCalls;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/** The block devices of this host. */
final class LinuxBlocks implements Blocks {
    /** Any block size that devices have fits: bytes are moved in whole pieces of a volume. */
    private static final int BLOCK_BYTES = 4096;

    /** What the kernel zeroes in one call: short enough to tell progress, and that an ending agent is not held up. */
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
        try (FileDisk disk = FileDisk.open(device, BLOCK_BYTES, true)) {
            disk.forgetCached();
        }
    }

    @Override
    public boolean forbidWrites(Path device) {
        return setReadOnly(device, true) == 0;
    }

    @Override
    public void allowWrites(Path device) {
        int result = setReadOnly(device, false);
        if (result < 0) {
            throw new BlockDeviceException("cannot allow writing to " + device + ": errno " + -result, true);
        }
    }

    /** BLKROSET (linux/fs.h); 0 or a negated errno. */
    private static int setReadOnly(Path device, boolean readOnly) {
        int descriptor = LinuxCalls.open(device.toString(), LinuxCalls.O_RDONLY | LinuxCalls.O_CLOEXEC);
        if (descriptor < 0) {
            return descriptor;
        }
        try {
            return LinuxCalls.setReadOnly(descriptor, readOnly);
        } finally {
            LinuxCalls.close(descriptor);
        }
    }

    @Override
    public void zero(Path device, LongConsumer done) {
        try (FileDisk disk = FileDisk.open(device, BLOCK_BYTES, false)) {
            for (long at = 0; at < disk.sizeBytes(); at += PIECE_BYTES) {
                long piece = Math.min(PIECE_BYTES, disk.sizeBytes() - at);
                disk.unmap(at, piece);
                done.accept(at + piece);
            }
            disk.flush();
        }
    }
}
