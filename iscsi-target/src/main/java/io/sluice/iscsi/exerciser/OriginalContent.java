package io.sluice.iscsi.exerciser;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/**
 * Content as a file system leaves it, from a seed: runs of incompressible and of text-like blocks, regions where small files lie
 * between free blocks, and about half of the disk never allocated.
 */
final class OriginalContent {
    private static final int BLOCK = NumberedBlock.BYTES;

    /** Written in one go; also the unit in which kinds of content change. */
    private static final int SEGMENT_BLOCKS = 64;

    private static final byte[] TEXT =
            "The quick brown fox jumps over the lazy dog; every byte of this has to arrive.\n"
                    .getBytes(StandardCharsets.US_ASCII);

    private enum Kind {
        HOLE,
        RANDOM,
        TEXT,
        SMALL_FILES
    }

    private final long seed;
    private final ByteBuffer segment = ByteBuffer.allocateDirect(SEGMENT_BLOCKS * BLOCK);

    OriginalContent(long seed) {
        this.seed = seed;
    }

    /** Makes the file, which must be absent or empty, and tells the checksums of its blocks. */
    BlockChecksums fill(Path file, long sizeBytes) {
        if (sizeBytes <= 0 || sizeBytes % BLOCK != 0 || sizeBytes / BLOCK > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("size %d must be a positive multiple of %d".formatted(sizeBytes, BLOCK));
        }
        BlockChecksums checksums = new BlockChecksums((int) (sizeBytes / BLOCK));
        var ownerOnly = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
        try (FileChannel out =
                FileChannel.open(file, Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE), ownerOnly)) {
            if (out.size() > 0) {
                throw new IllegalArgumentException(file + " holds something already: it was left alone");
            }
            for (int first = 0; first < checksums.blocks(); first += SEGMENT_BLOCKS) {
                write(out, first, checksums);
            }
            extend(out, sizeBytes);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot fill " + file, e);
        }
        return checksums;
    }

    private void write(FileChannel out, int first, BlockChecksums checksums) throws IOException {
        Kind kind = kind(first / SEGMENT_BLOCKS);
        int blocks = Math.min(SEGMENT_BLOCKS, checksums.blocks() - first);
        int runStart = 0;
        for (int i = 0; i < blocks; i++) {
            boolean allocated = makeBlock(kind, first + i, segment.slice(i * BLOCK, BLOCK));
            checksums.set(first + i, segment.slice(i * BLOCK, BLOCK));
            if (!allocated) {
                writeRun(out, first, runStart, i);
                runStart = i + 1;
            }
        }
        writeRun(out, first, runStart, blocks);
    }

    private void writeRun(FileChannel out, int first, int from, int to) throws IOException {
        ByteBuffer run = segment.slice(from * BLOCK, Math.max(0, to - from) * BLOCK);
        for (long at = (long) (first + from) * BLOCK; run.hasRemaining(); ) {
            at += out.write(run, at);
        }
    }

    /** Runs of 2 MiB mostly keep one kind, as large files and free space do. */
    private Kind kind(int segmentNumber) {
        long run = Scatter.mix(seed ^ Scatter.mix(segmentNumber / 8));
        long dice = Math.floorMod(run, 100);
        if (dice < 50) {
            return Kind.HOLE;
        }
        if (dice < 70) {
            return Kind.RANDOM;
        }
        return dice < 88 ? Kind.TEXT : Kind.SMALL_FILES;
    }

    /** Fills a block; false: it is a hole. */
    private boolean makeBlock(Kind kind, int block, ByteBuffer into) {
        long state = Scatter.mix(seed + Scatter.mix(block));
        boolean hole = kind == Kind.HOLE || (kind == Kind.SMALL_FILES && (state & 3) == 0);
        if (hole) {
            for (int at = 0; at < BLOCK; at += 8) {
                into.putLong(at, 0);
            }
        } else if (kind == Kind.TEXT) {
            for (int at = 0; at < BLOCK; at += TEXT.length) {
                into.put(at, TEXT, 0, Math.min(TEXT.length, BLOCK - at));
            }
            into.putLong(0, state);
        } else {
            for (int at = 0; at < BLOCK; at += 8) {
                state = Scatter.next(state);
                into.putLong(at, state);
            }
        }
        return !hole;
    }

    private static void extend(FileChannel out, long sizeBytes) throws IOException {
        if (out.size() < sizeBytes) {
            // One byte more than wanted, cut off again: the last block stays a hole.
            out.write(ByteBuffer.wrap(new byte[1]), sizeBytes);
            out.truncate(sizeBytes);
        }
    }
}
