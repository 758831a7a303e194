package io.sluice.iscsi.exerciser;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.CRC32C;

/** CRC32C of every 4 KiB block of a disk's original content, kept in a file: a magic number, the count, the checksums. */
final class BlockChecksums {
    private static final long MAGIC = 0x534c_5549_4345_4331L; // "SLUICEC1"
    private static final int HEADER_BYTES = 12;

    private final int[] checksums;

    BlockChecksums(int blocks) {
        this.checksums = new int[blocks];
    }

    int blocks() {
        return checksums.length;
    }

    void set(int block, ByteBuffer content) {
        checksums[block] = of(content);
    }

    boolean matches(int block, ByteBuffer content) {
        return checksums[block] == of(content);
    }

    void save(Path file) {
        ByteBuffer bytes = ByteBuffer.allocate(HEADER_BYTES + 4 * checksums.length);
        bytes.putLong(MAGIC).putInt(checksums.length).asIntBuffer().put(checksums);
        try {
            Files.write(file, bytes.array());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write the checksums to " + file, e);
        }
    }

    static BlockChecksums load(Path file) {
        try {
            ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file));
            if (bytes.remaining() < HEADER_BYTES
                    || bytes.getLong(0) != MAGIC
                    || bytes.remaining() != HEADER_BYTES + 4L * bytes.getInt(8)) {
                throw new IllegalArgumentException(file + " holds no block checksums");
            }
            BlockChecksums loaded = new BlockChecksums(bytes.getInt(8));
            bytes.position(HEADER_BYTES).asIntBuffer().get(loaded.checksums);
            return loaded;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the checksums in " + file, e);
        }
    }

    private static int of(ByteBuffer content) {
        CRC32C crc = new CRC32C();
        crc.update(content.duplicate());
        return (int) crc.getValue();
    }
}
