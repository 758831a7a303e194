package io.sluice.iscsi.scsi;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.iscsi.block.ChecksummedDisk;
import io.sluice.iscsi.block.MemoryDisk;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;

class ChecksumCommandsTest {
    private static final int REGION = 65_536;
    private static final Sense UNKNOWN_COMMAND = Sense.illegalRequest(Sense.INVALID_COMMAND_OPERATION_CODE);

    private final MemoryDisk memory = new MemoryDisk(2000L * REGION + 512, 512);
    private final ChecksummedDisk disk = new ChecksummedDisk(memory, REGION);

    private ScsiResult run(LogicalUnit unit, long firstRegion, int allocationLength) {
        LogicalUnitServer server = new LogicalUnitServer(List.of(unit));
        return server.execute(
                Initiators.quiet(server, "a"),
                0,
                ByteBuffer.wrap(CdbEncoder.encode(new ScsiCommand.ReadChecksums(firstRegion, allocationLength))),
                ByteBuffer.allocate(0));
    }

    private ByteBuffer good(long firstRegion, int allocationLength) {
        ScsiResult result = run(new LogicalUnit(disk, "unit", true), firstRegion, allocationLength);
        assertThat(result.status()).as("%s", result.sense()).isEqualTo(ScsiStatus.GOOD);
        ByteBuffer answer = ByteBuffer.allocate((int) result.data().length());
        result.data().read(0, answer);
        return answer.flip();
    }

    @Test
    void aUnitThatDoesNotOfferItRefusesTheOperationCode() {
        assertThat(run(new LogicalUnit(memory, "unit", true), 0, 1024).sense()).isEqualTo(UNKNOWN_COMMAND);
        assertThat(run(new LogicalUnit(disk, "unit", true), 0, 1024).sense()).isEqualTo(UNKNOWN_COMMAND);
        disk.restart();
        assertThat(run(new LogicalUnit(disk, "unit", true), 0, 1024).status()).isEqualTo(ScsiStatus.GOOD);
    }

    @Test
    void theAnswerTellsRegionSizeCountAndSums() {
        disk.restart();
        ByteBuffer answer = good(1999, 1024);
        assertThat(answer.getInt()).isEqualTo(REGION);
        assertThat(answer.getInt()).isEqualTo(2);
        assertThat(answer.getLong()).isEqualTo(2001);
        assertThat(answer.getInt()).isEqualTo(disk.checksum(1999));
        assertThat(answer.getInt()).isEqualTo(disk.checksum(2000)).isNotEqualTo(disk.checksum(1999));
        assertThat(answer.hasRemaining()).isFalse();
    }

    @Test
    void anAnswerIsCutAtItsAllocationLengthAndAtWhatMayBeReadForIt() {
        disk.restart();
        assertThat(good(0, 16 + 3 * 4 + 2).getInt(4)).isEqualTo(3);
        disk.read(0, ByteBuffer.allocate(3 * REGION));
        assertThat(good(0, 1 << 16).getInt(4))
                .as("3 given out, 32 MiB read for the rest")
                .isEqualTo(3 + 512);
        assertThat(good(0, 16).getInt(4)).isZero();
    }

    @Test
    void aRegionThatIsNotThereIsRefused() {
        disk.restart();
        assertThat(run(new LogicalUnit(disk, "unit", true), 2001, 1024).sense()).isEqualTo(Sense.invalidField(2));
        assertThat(run(new LogicalUnit(disk, "unit", true), -1, 1024).sense()).isEqualTo(Sense.invalidField(2));
    }
}
