package io.sluice.iscsi.scsi;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.iscsi.block.FileDisk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A sparse file as a thin unit: what is not there costs nothing, and what is given back is gone (SBC-3 §4.7). */
class HolesTest {
    private static final int BLOCK = 512;
    private static final int MIB = 1 << 20;
    private static final long SIZE = 64L * MIB;
    private static final int PIECE_BLOCKS = MIB / BLOCK;

    /** What the machine's own classes and pages may take meanwhile. */
    private static final long NOISE = 2L * MIB;

    @TempDir
    private Path directory;

    private FileDisk disk;
    private LogicalUnitServer server;
    private Nexus nexus;

    @BeforeEach
    void serve() {
        FileDisk.create(directory.resolve("disk"), SIZE);
        disk = FileDisk.open(directory.resolve("disk"), BLOCK, false);
        server = new LogicalUnitServer(List.of(new LogicalUnit(disk, "sparse", false)));
        nexus = Initiators.quiet(server, "a");
    }

    @AfterEach
    void close() {
        disk.close();
    }

    @Test
    void readingAHoleAllocatesNothingAndReadsNothingFromTheDisk() throws Exception {
        long allocated = allocated();
        long before = readFromStorage();
        ByteBuffer piece = ByteBuffer.allocateDirect(MIB);
        for (long lba = 0; lba < SIZE / BLOCK; lba += PIECE_BLOCKS) {
            ScsiResult result = run(new ScsiCommand.Read(lba, PIECE_BLOCKS, false), new byte[0]);
            result.data().read(0, piece.clear());
            assertThat(piece.flip().mismatch(ByteBuffer.allocate(MIB))).isEqualTo(-1);
        }
        assertThat(readFromStorage() - before).isLessThan(NOISE);
        assertThat(allocated()).isEqualTo(allocated);
    }

    @Test
    void unmappingAndZeroesPunchHolesThatAreToldAndReadZero() throws Exception {
        long empty = allocated();
        write(0, 4);
        assertThat(allocated()).isGreaterThanOrEqualTo(empty + 4L * MIB);
        ByteBuffer list = ByteBuffer.allocate(24)
                .putShort((short) 22)
                .putShort((short) 16)
                .putInt(0);
        list.putLong(0).putInt(PIECE_BLOCKS);
        run(new ScsiCommand.Unmap(24), list.array());
        run(new ScsiCommand.WriteSame(PIECE_BLOCKS, PIECE_BLOCKS, true, true), new byte[0]);
        assertThat(allocated()).isLessThan(empty + 3L * MIB);
        assertThat(status(0)).containsExactly(0L, 2L * PIECE_BLOCKS, 1L);
        assertThat(status(3L * PIECE_BLOCKS)).containsExactly(3L * PIECE_BLOCKS, (long) PIECE_BLOCKS, 0L);
        assertThat(status(4L * PIECE_BLOCKS)).containsExactly(4L * PIECE_BLOCKS, SIZE / BLOCK - 4L * PIECE_BLOCKS, 1L);
        ByteBuffer content = ByteBuffer.allocate(2 * MIB);
        disk.read(0, content);
        assertThat(content.flip().mismatch(ByteBuffer.allocate(2 * MIB))).isEqualTo(-1);
    }

    private void write(int firstMib, int count) {
        byte[] content = new byte[MIB];
        Arrays.fill(content, (byte) 7);
        for (int i = firstMib; i < firstMib + count; i++) {
            run(new ScsiCommand.Write((long) i * PIECE_BLOCKS, PIECE_BLOCKS, true), content);
        }
    }

    /** LBA, blocks and provisioning status (1: deallocated) of the first descriptor. */
    private List<Long> status(long lba) {
        ByteBuffer data = ByteBuffer.allocate(24);
        run(new ScsiCommand.GetLbaStatus(lba, 24), new byte[0]).data().read(0, data);
        return List.of(data.getLong(8), data.getInt(16) & 0xFFFF_FFFFL, (long) data.get(20));
    }

    private ScsiResult run(ScsiCommand command, byte[] dataOut) {
        ScsiResult result =
                server.execute(nexus, 0, ByteBuffer.wrap(CdbEncoder.encode(command)), ByteBuffer.wrap(dataOut));
        assertThat(result.status()).as("%s: %s", command, result.sense()).isEqualTo(ScsiStatus.GOOD);
        return result;
    }

    private long allocated() throws IOException, InterruptedException {
        Process stat =
                new ProcessBuilder("stat", "-c", "%b", directory.resolve("disk").toString()).start();
        String blocks = new String(stat.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).strip();
        assertThat(stat.waitFor()).isZero();
        return Long.parseLong(blocks) * 512;
    }

    /** proc(5): "the number of bytes which this process really did cause to be fetched from the storage layer". */
    private static long readFromStorage() throws IOException {
        return Files.readString(Path.of("/proc/self/io"))
                .lines()
                .filter(line -> line.startsWith("read_bytes:"))
                .mapToLong(line ->
                        Long.parseLong(line.substring("read_bytes:".length()).strip()))
                .findFirst()
                .orElseThrow();
    }
}
