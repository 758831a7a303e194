package io.sluice.iscsi.scsi;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.iscsi.block.BlockDevice;
import io.sluice.iscsi.block.BlockDeviceException;
import io.sluice.iscsi.block.Extent;
import io.sluice.iscsi.block.MemoryDisk;
import io.sluice.iscsi.block.OutOfSpaceException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LogicalUnitServerTest {
    private static final long SIZE = 8 << 20;
    private static final int BLOCK = 512;
    private static final long BLOCKS = SIZE / BLOCK;

    private final MemoryDisk disk = new MemoryDisk(SIZE, BLOCK);
    private final MemoryDisk archive = new MemoryDisk(4096 * 16, 4096);
    private final LogicalUnitServer server = new LogicalUnitServer(
            List.of(new LogicalUnit(disk, "volume-1", false), new LogicalUnit(archive, "archive", true)));

    @Test
    void inquiryTellsADirectAccessDeviceOfSpc4() {
        byte[] data = good(new ScsiCommand.Inquiry(false, 0, 255));
        assertThat(data).hasSize(96);
        assertThat(data[0]).isZero();
        assertThat(data[2]).isEqualTo((byte) 6);
        assertThat(data[7] & 2).isEqualTo(2);
        assertThat(text(data, 8, 8)).isEqualTo("SLUICE  ");
        assertThat(text(data, 16, 16)).isEqualTo("VOLUME          ");
    }

    @Test
    void parameterDataIsCutToTheAllocationLength() {
        assertThat(good(new ScsiCommand.Inquiry(false, 0, 36))).hasSize(36);
        assertThat(good(new ScsiCommand.Inquiry(false, 0, 0))).isEmpty();
    }

    @Test
    void everyListedVitalProductDataPageIsThere() {
        byte[] list = good(new ScsiCommand.Inquiry(true, 0, 255));
        byte[] pages = Arrays.copyOfRange(list, 4, list.length);
        assertThat(pages).containsExactly(0x00, 0x80, 0x83, 0x8F, 0xB0, 0xB1, 0xB2);
        for (byte page : pages) {
            byte[] data = good(new ScsiCommand.Inquiry(true, page & 0xFF, 255));
            assertThat(data[1]).isEqualTo(page);
            assertThat(ByteBuffer.wrap(data).getShort(2) + 4).isEqualTo(data.length);
        }
        assertThat(sense(0, new ScsiCommand.Inquiry(true, 0x99, 255))).isEqualTo(Sense.invalidField(2));
    }

    @Test
    void identityFollowsFromTheSerialAlone() {
        assertThat(text(good(new ScsiCommand.Inquiry(true, 0x80, 255)), 4, 8)).isEqualTo("volume-1");
        byte[] designators = good(new ScsiCommand.Inquiry(true, 0x83, 255));
        assertThat(designators[4 + 1]).isEqualTo((byte) 3);
        assertThat(designators[4 + 4] >> 4).isEqualTo(3);
        assertThat(text(designators, 4 + 12 + 4, 16)).isEqualTo("SLUICE  volume-1");
        LogicalUnitServer elsewhere =
                new LogicalUnitServer(List.of(new LogicalUnit(new MemoryDisk(4096, 4096), "volume-1", true)));
        ScsiResult same = run(elsewhere, 0, new ScsiCommand.Inquiry(true, 0x83, 255), new byte[0]);
        assertThat(content(same)).isEqualTo(designators);
    }

    @Test
    void limitsSurviveTheirPage() {
        byte[] page = good(new ScsiCommand.Inquiry(true, 0xB0, 255));
        assertThat(BlockLimits.decode(ByteBuffer.wrap(page))).isEqualTo(BlockLimits.served(BLOCK));
        assertThat(BlockLimits.served(BLOCK).maxTransfer() * BLOCK).isEqualTo(4 << 20);
    }

    @Test
    void provisioningPageClaimsUnmapAndZeros() {
        assertThat(HexFormat.of().formatHex(good(new ScsiCommand.Inquiry(true, 0xB2, 255))))
                .isEqualTo("00b2000400e40200");
    }

    @Test
    void capacityIsTheLastBlockAndTheBlockSize() {
        ByteBuffer ten = ByteBuffer.wrap(good(new ScsiCommand.ReadCapacity10()));
        assertThat(ten.getInt()).isEqualTo((int) (BLOCKS - 1));
        assertThat(ten.getInt()).isEqualTo(BLOCK);
        ByteBuffer sixteen = ByteBuffer.wrap(good(new ScsiCommand.ReadCapacity16(32)));
        assertThat(sixteen.getLong(0)).isEqualTo(BLOCKS - 1);
        assertThat(sixteen.getInt(8)).isEqualTo(BLOCK);
        assertThat(sixteen.get(13)).as("no physical block size is claimed").isZero();
        assertThat(sixteen.get(14)).isEqualTo((byte) 0xC0);
    }

    @Test
    void aDiskTooLargeFor32BitsSaysSo() {
        BlockDevice huge = new SizedDisk(4L << 40);
        LogicalUnitServer large = new LogicalUnitServer(List.of(new LogicalUnit(huge, "huge", true)));
        assertThat(content(run(large, 0, new ScsiCommand.ReadCapacity10(), new byte[0])))
                .startsWith(0xFF, 0xFF, 0xFF, 0xFF);
    }

    @Test
    void allUnitsAreListedWhateverTheLunOfTheRequest() {
        byte[] list = content(run(server, 77, new ScsiCommand.ReportLuns(0, 4096), new byte[0]));
        assertThat(HexFormat.of().formatHex(list))
                .isEqualTo("0000001000000000" + "0000000000000000" + "0001000000000000");
        assertThat(sense(0, new ScsiCommand.ReportLuns(9, 4096))).isEqualTo(Sense.invalidField(2));
    }

    @Test
    void whereThereIsNoUnitOnlyInquiryAndRequestSenseAnswer() {
        assertThat(content(run(server, 5, new ScsiCommand.Inquiry(false, 0, 36), new byte[0]))[0])
                .isEqualTo((byte) 0x7F);
        byte[] sense = content(run(server, 5, new ScsiCommand.RequestSense(false, 18), new byte[0]));
        assertThat(HexFormat.of().formatHex(sense)).isEqualTo("700005000000000a00000000250000000000");
        assertThat(sense(5, new ScsiCommand.TestUnitReady()))
                .isEqualTo(Sense.illegalRequest(Sense.LOGICAL_UNIT_NOT_SUPPORTED));
        assertThat(sense(5, new ScsiCommand.Read(0, 1, false)))
                .isEqualTo(Sense.illegalRequest(Sense.LOGICAL_UNIT_NOT_SUPPORTED));
    }

    @Test
    void modeSenseTellsTheCacheAndWriteProtection() {
        byte[] six = good(new ScsiCommand.ModeSense(6, true, false, 0, 0x08, 0, 255));
        assertThat(six).hasSize(24);
        assertThat(six[0]).isEqualTo((byte) 23);
        assertThat(six[2]).isEqualTo((byte) 0x10);
        assertThat(six[6] & 0x04).as("WCE").isEqualTo(4);
        byte[] ten = content(run(server, 1, new ScsiCommand.ModeSense(10, false, true, 0, 0x3F, 0, 255), new byte[0]));
        assertThat(ByteBuffer.wrap(ten).getShort(0) + 2).isEqualTo(ten.length);
        assertThat(ten[3] & 0x80).as("WP").isEqualTo(0x80);
        assertThat(ByteBuffer.wrap(ten).getLong(8)).isEqualTo(16);
        assertThat(sense(0, new ScsiCommand.ModeSense(6, true, false, 0, 0x1C, 0, 255)))
                .isEqualTo(Sense.invalidField(2));
        assertThat(sense(0, new ScsiCommand.ModeSense(6, true, false, 3, 0x08, 0, 255)))
                .isEqualTo(Sense.illegalRequest(Sense.SAVING_PARAMETERS_NOT_SUPPORTED));
        byte[] changeable = good(new ScsiCommand.ModeSense(6, true, false, 1, 0x08, 0, 255));
        assertThat(changeable[6]).as("nothing can be changed").isZero();
    }

    @Test
    void whatIsWrittenIsReadBack() {
        byte[] content = random(8 * BLOCK);
        ScsiResult written = run(server, 0, new ScsiCommand.Write(10, 8, true), content);
        assertThat(written.status()).isEqualTo(ScsiStatus.GOOD);
        assertThat(written.transferBytes()).isEqualTo(content.length);
        ScsiResult read = run(server, 0, new ScsiCommand.Read(10, 8, true), new byte[0]);
        assertThat(read.transferBytes()).isEqualTo(content.length);
        assertThat(content(read)).isEqualTo(content);
    }

    @Test
    void aReadCanBeTakenPieceByPiece() {
        byte[] content = random(8 * BLOCK);
        disk.write(0, ByteBuffer.wrap(content));
        ScsiResult read = run(server, 0, new ScsiCommand.Read(0, 8, false), new byte[0]);
        byte[] piece = new byte[2 * BLOCK];
        read.data().read(3 * BLOCK, ByteBuffer.wrap(piece));
        assertThat(piece).isEqualTo(Arrays.copyOfRange(content, 3 * BLOCK, 5 * BLOCK));
    }

    @Test
    void aWriteWithLessDataThanItNamesStoresTheWholeBlocksThatCame() {
        ScsiResult written = run(server, 0, new ScsiCommand.Write(0, 4, false), filled(BLOCK + 100, 7));
        assertThat(written.status()).isEqualTo(ScsiStatus.GOOD);
        assertThat(written.transferBytes()).isEqualTo(4 * BLOCK);
        assertThat(disk.extentAt(0)).isEqualTo(new Extent(0, BLOCK, true));
    }

    @Test
    void nothingBeyondTheEndIsTouched() {
        for (ScsiCommand command : List.of(
                new ScsiCommand.Read(BLOCKS, 1, false),
                new ScsiCommand.Read(-1, 1, false),
                new ScsiCommand.Write(BLOCKS - 1, 2, false),
                new ScsiCommand.Verify(BLOCKS, 1, ScsiCommand.ByteCheck.MEDIUM),
                new ScsiCommand.SynchronizeCache(BLOCKS + 1, 0),
                new ScsiCommand.WriteSame(BLOCKS - 1, 2, true, true),
                new ScsiCommand.GetLbaStatus(BLOCKS, 64))) {
            ScsiResult result = run(server, 0, command, new byte[2 * BLOCK]);
            assertThat(requireNonNull(result.sense()).code()).as("%s", command).isEqualTo(Sense.LBA_OUT_OF_RANGE);
        }
        assertThat(disk.extentAt(0)).isEqualTo(new Extent(0, SIZE, false));
    }

    @Test
    void aTransferOfNoBlocksIsGood() {
        assertThat(run(server, 0, new ScsiCommand.Read(BLOCKS, 0, false), new byte[0])
                        .status())
                .isEqualTo(ScsiStatus.GOOD);
        assertThat(run(server, 0, new ScsiCommand.Write(0, 0, false), new byte[0])
                        .status())
                .isEqualTo(ScsiStatus.GOOD);
    }

    @Test
    void aTransferBeyondTheLimitIsRefused() {
        assertThat(sense(0, new ScsiCommand.Read(0, (4 << 20) / BLOCK + 1, false)))
                .isEqualTo(Sense.illegalRequest(Sense.INVALID_FIELD_IN_CDB));
    }

    @Test
    void aReadOnlyUnitRefusesEveryChange() {
        for (ScsiCommand command : List.of(
                new ScsiCommand.Write(0, 1, false),
                new ScsiCommand.WriteSame(0, 1, true, true),
                new ScsiCommand.Unmap(24))) {
            ScsiResult result = run(server, 1, command, new byte[4096]);
            assertThat(result.sense())
                    .as("%s", command)
                    .isEqualTo(new Sense(Sense.DATA_PROTECT, Sense.WRITE_PROTECTED, null, null));
        }
        assertThat(run(server, 1, new ScsiCommand.SynchronizeCache(0, 0), new byte[0])
                        .status())
                .isEqualTo(ScsiStatus.GOOD);
    }

    @Test
    void unmapTakesAllItsRangesOrNone() {
        disk.write(0, ByteBuffer.wrap(filled(64 * BLOCK, 1)));
        byte[] beyond = unmapList(0, 8, BLOCKS, 1);
        ScsiResult refused = run(server, 0, new ScsiCommand.Unmap(beyond.length), beyond);
        assertThat(refused.sense()).isEqualTo(Sense.lbaOutOfRange(BLOCKS));
        assertThat(disk.extentAt(0).lengthBytes()).isEqualTo(64 * BLOCK);
        byte[] list = unmapList(0, 8, 16, 8);
        assertThat(run(server, 0, new ScsiCommand.Unmap(list.length), list).status())
                .isEqualTo(ScsiStatus.GOOD);
        assertThat(disk.extentAt(0)).isEqualTo(new Extent(0, 8 * BLOCK, false));
        assertThat(disk.extentAt(8 * BLOCK)).isEqualTo(new Extent(8 * BLOCK, 8 * BLOCK, true));
        assertThat(disk.extentAt(16 * BLOCK)).isEqualTo(new Extent(16 * BLOCK, 8 * BLOCK, false));
    }

    @Test
    void aBrokenUnmapListIsRefused() {
        assertThat(run(server, 0, new ScsiCommand.Unmap(24), new byte[10]).sense())
                .isEqualTo(Sense.illegalRequest(Sense.PARAMETER_LIST_LENGTH_ERROR));
        byte[] tooMany = new byte[8 + 16 * 257];
        ByteBuffer.wrap(tooMany).putShort(2, (short) (16 * 257));
        assertThat(run(server, 0, new ScsiCommand.Unmap(tooMany.length), tooMany)
                        .sense())
                .isEqualTo(Sense.illegalRequest(Sense.INVALID_FIELD_IN_PARAMETER_LIST));
        assertThat(run(server, 0, new ScsiCommand.Unmap(0), new byte[0]).status())
                .isEqualTo(ScsiStatus.GOOD);
    }

    @Test
    void writeSameRepeatsItsBlock() {
        byte[] block = random(BLOCK);
        assertThat(run(server, 0, new ScsiCommand.WriteSame(100, 5000, true, false), block)
                        .status())
                .isEqualTo(ScsiStatus.GOOD);
        byte[] back = new byte[BLOCK];
        for (long lba : new long[] {100, 2148, 5099}) {
            disk.read(lba * BLOCK, ByteBuffer.wrap(back));
            assertThat(back).isEqualTo(block);
        }
        assertThat(disk.extentAt(100 * BLOCK)).isEqualTo(new Extent(100 * BLOCK, 5000 * BLOCK, true));
    }

    @Test
    void writeSameOfZerosUnmapsOnlyWhenAskedTo() {
        disk.write(0, ByteBuffer.wrap(filled(64 * BLOCK, 1)));
        run(server, 0, new ScsiCommand.WriteSame(0, 8, true, false), new byte[BLOCK]);
        assertThat(disk.extentAt(0)).isEqualTo(new Extent(0, 8 * BLOCK, false));
        run(server, 0, new ScsiCommand.WriteSame(8, 8, false, true), new byte[0]);
        assertThat(disk.extentAt(8 * BLOCK).allocated()).isTrue();
        byte[] back = new byte[8 * BLOCK];
        disk.read(8 * BLOCK, ByteBuffer.wrap(back));
        assertThat(back).containsOnly(0);
        assertThat(sense(0, new ScsiCommand.WriteSame(0, 0, true, true)))
                .isEqualTo(Sense.illegalRequest(Sense.INVALID_FIELD_IN_CDB));
    }

    @Test
    void lbaStatusTellsTheHolesAndStopsAtTheAllocationLength() {
        disk.write(8 * BLOCK, ByteBuffer.wrap(filled(8 * BLOCK, 1)));
        byte[] all = good(new ScsiCommand.GetLbaStatus(4, 1024));
        ByteBuffer data = ByteBuffer.wrap(all);
        assertThat(data.getInt(0)).isEqualTo(4 + 3 * 16);
        assertThat(List.of(data.getLong(8), (long) data.getInt(16), (long) data.get(20)))
                .containsExactly(4L, 4L, 1L);
        assertThat(List.of(data.getLong(24), (long) data.getInt(32), (long) data.get(36)))
                .containsExactly(8L, 8L, 0L);
        assertThat(List.of(data.getLong(40), (long) data.getInt(48), (long) data.get(52)))
                .containsExactly(16L, BLOCKS - 16, 1L);
        assertThat(good(new ScsiCommand.GetLbaStatus(4, 24))).hasSize(24);
    }

    @Test
    void unknownCommandsAndFieldsAreRefusedWithTheirReason() {
        assertThat(sense(0, new ScsiCommand.Unsupported(0x04)))
                .isEqualTo(Sense.illegalRequest(Sense.INVALID_COMMAND_OPERATION_CODE));
        ScsiResult protect = server.execute(
                Initiators.quiet(server, "a"),
                0,
                ByteBuffer.wrap(HexFormat.of().parseHex("2820000000000000010000000000")),
                ByteBuffer.allocate(0));
        assertThat(protect.sense()).isEqualTo(Sense.invalidField(1));
    }

    @Test
    void passingTroubleIsBusyAndLastingTroubleAMediumError() {
        BrokenDisk broken = new BrokenDisk();
        LogicalUnitServer troubled = new LogicalUnitServer(List.of(new LogicalUnit(broken, "broken", false)));
        for (boolean passing : new boolean[] {true, false}) {
            broken.passing = passing;
            ScsiResult write = run(troubled, 0, new ScsiCommand.Write(0, 1, false), new byte[BLOCK]);
            ScsiResult flush = run(troubled, 0, new ScsiCommand.SynchronizeCache(0, 0), new byte[0]);
            ScsiResult status = run(troubled, 0, new ScsiCommand.GetLbaStatus(0, 64), new byte[0]);
            for (ScsiResult result : List.of(write, flush, status)) {
                assertThat(result.status()).isEqualTo(passing ? ScsiStatus.BUSY : ScsiStatus.CHECK_CONDITION);
                assertThat(result.sense() == null).isEqualTo(passing);
            }
            ScsiResult read = ScsiResult.ofReadFailure(new BlockDeviceException("trouble", passing));
            assertThat(read.status()).isEqualTo(passing ? ScsiStatus.BUSY : ScsiStatus.CHECK_CONDITION);
        }
    }

    @Test
    void aFullPoolIsSpaceAllocationFailedNotAMediumError() {
        ScsiResult result = ScsiResult.ofFailure(
                new OutOfSpaceException("full", new BlockDeviceException("ENOSPC", false)), Sense.WRITE_ERROR);
        assertThat(result.sense()).isEqualTo(new Sense(Sense.DATA_PROTECT, 0x2707, null, null));
    }

    @Test
    void anyCdbWithAnyDataIsAnswered() {
        Random random = new Random(7);
        Nexus nexus = Initiators.quiet(server, "a");
        for (int round = 0; round < 5_000; round++) {
            byte[] cdb = new byte[16];
            random.nextBytes(cdb);
            if (random.nextBoolean()) {
                Arrays.fill(cdb, 2, 8, (byte) 0);
            }
            byte[] data = new byte[random.nextInt(3) * BLOCK];
            ScsiResult result =
                    server.execute(nexus, Lun.encode(random.nextInt(3)), ByteBuffer.wrap(cdb), ByteBuffer.wrap(data));
            assertThat(result.sense() != null).isEqualTo(result.status() == ScsiStatus.CHECK_CONDITION);
        }
    }

    private byte[] good(ScsiCommand command) {
        ScsiResult result = run(server, 0, command, new byte[0]);
        assertThat(result.status()).as("%s", result.sense()).isEqualTo(ScsiStatus.GOOD);
        assertThat(result.transferBytes()).isEqualTo(result.data().length());
        return content(result);
    }

    private Sense sense(int lun, ScsiCommand command) {
        ScsiResult result = run(server, lun, command, new byte[0]);
        assertThat(result.status()).isEqualTo(ScsiStatus.CHECK_CONDITION);
        return requireNonNull(result.sense());
    }

    private static ScsiResult run(LogicalUnitServer server, int lun, ScsiCommand command, byte[] dataOut) {
        Nexus nexus = Initiators.quiet(server, "a");
        return server.execute(
                nexus, Lun.encode(lun), ByteBuffer.wrap(CdbEncoder.encode(command)), ByteBuffer.wrap(dataOut));
    }

    private static byte[] content(ScsiResult result) {
        byte[] content = new byte[Math.toIntExact(result.data().length())];
        result.data().read(0, ByteBuffer.wrap(content));
        return content;
    }

    private static byte[] unmapList(long firstLba, int firstBlocks, long secondLba, int secondBlocks) {
        ByteBuffer list = ByteBuffer.allocate(40)
                .putShort((short) 38)
                .putShort((short) 32)
                .putInt(0);
        list.putLong(firstLba).putInt(firstBlocks).putInt(0);
        return list.putLong(secondLba).putInt(secondBlocks).putInt(0).array();
    }

    private static String text(byte[] data, int at, int length) {
        return new String(data, at, length, StandardCharsets.US_ASCII);
    }

    private static byte[] random(int length) {
        byte[] content = new byte[length];
        new Random(length).nextBytes(content);
        return content;
    }

    private static byte[] filled(int length, int value) {
        byte[] content = new byte[length];
        Arrays.fill(content, (byte) value);
        return content;
    }
}
