package io.sluice.iscsi.block;

import java.nio.ByteBuffer;
import java.nio.file.Path;

/** A program that writes more to a disk than its directory has room for, and says how that ended. */
final class FullFileSystem {
    static final String AS_EXPECTED = "out of space, and what was written is there";

    private static final int PIECE = 256 << 10;

    private FullFileSystem() {}

    public static void main(String[] arguments) {
        Path file = Path.of(arguments[0], "disk");
        FileDisk.create(file, 8 << 20);
        try (FileDisk disk = FileDisk.open(file, 512, false)) {
            disk.write(0, block());
            for (long at = PIECE; at < disk.sizeBytes(); at += PIECE) {
                disk.write(at, ByteBuffer.allocate(PIECE));
            }
            System.out.println("nothing was refused");
        } catch (OutOfSpaceException e) {
            try (FileDisk disk = FileDisk.open(file, 512, false)) {
                ByteBuffer first = ByteBuffer.allocate(512);
                disk.read(0, first);
                System.out.println(first.get(0) == 7 ? AS_EXPECTED : "what was written is lost");
            }
        }
    }

    private static ByteBuffer block() {
        return ByteBuffer.allocate(512).put(0, (byte) 7);
    }
}
