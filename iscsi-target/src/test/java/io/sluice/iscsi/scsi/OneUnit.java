package io.sluice.iscsi.scsi;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.iscsi.block.MemoryDisk;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;

/** A unit of 512-byte blocks in memory, and initiators "a" and "b" that have heard its first unit attention. */
final class OneUnit {
    static final int BLOCK = 512;
    static final int BLOCKS = 4096;

    final MemoryDisk disk = new MemoryDisk((long) BLOCK * BLOCKS, BLOCK);
    final LogicalUnitServer server;
    final Nexus a;
    final Nexus b;

    OneUnit() {
        this(ReservationStore.NONE);
    }

    OneUnit(ReservationStore store) {
        server = new LogicalUnitServer(List.of(new LogicalUnit(disk, "unit", false)), store);
        a = Initiators.quiet(server, "a");
        b = Initiators.quiet(server, "b");
    }

    ScsiResult run(Nexus nexus, ScsiCommand command, byte[] dataOut) {
        return server.execute(nexus, 0, ByteBuffer.wrap(CdbEncoder.encode(command)), ByteBuffer.wrap(dataOut));
    }

    ScsiResult run(Nexus nexus, ScsiCommand command) {
        return run(nexus, command, new byte[0]);
    }

    /** The data of a command that must succeed. */
    byte[] good(ScsiCommand command, byte[] dataOut) {
        ScsiResult result = run(a, command, dataOut);
        assertThat(result.status()).as("%s", result.sense()).isEqualTo(ScsiStatus.GOOD);
        byte[] content = new byte[Math.toIntExact(result.data().length())];
        result.data().read(0, ByteBuffer.wrap(content));
        return content;
    }

    byte[] good(ScsiCommand command) {
        return good(command, new byte[0]);
    }

    Sense sense(ScsiCommand command, byte[] dataOut) {
        return senseOf(run(a, command, dataOut));
    }

    static Sense senseOf(ScsiResult result) {
        assertThat(result.status()).isEqualTo(ScsiStatus.CHECK_CONDITION);
        return requireNonNull(result.sense());
    }

    byte[] content(long lba, int blocks) {
        byte[] content = new byte[blocks * BLOCK];
        disk.read(lba * BLOCK, ByteBuffer.wrap(content));
        return content;
    }

    void fill(long lba, int blocks, int value) {
        disk.write(lba * BLOCK, ByteBuffer.wrap(filled(blocks, value)));
    }

    static byte[] filled(int blocks, int value) {
        byte[] content = new byte[blocks * BLOCK];
        Arrays.fill(content, (byte) value);
        return content;
    }

    static byte[] joined(byte[] first, byte[] second) {
        byte[] both = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        return both;
    }
}
