package io.sluice.iscsi.scsi;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class CdbTest {
    static Stream<Arguments> descriptors() {
        return Stream.of(
                cdb("00 00 00 00 00 00", new ScsiCommand.TestUnitReady()),
                cdb("03 00 00 00 12 00", new ScsiCommand.RequestSense(false, 18)),
                cdb("03 01 00 00 12 00", new ScsiCommand.RequestSense(true, 18)),
                cdb("12 00 00 00 24 00", new ScsiCommand.Inquiry(false, 0, 36)),
                cdb("12 01 83 01 00 00", new ScsiCommand.Inquiry(true, 0x83, 256)),
                cdb("12 00 83 00 24 00", new ScsiCommand.InvalidField(2)),
                cdb("1A 08 08 00 FF 00", new ScsiCommand.ModeSense(6, true, false, 0, 8, 0, 255)),
                cdb("1A 00 7F FF 04 00", new ScsiCommand.ModeSense(6, false, false, 1, 0x3F, 0xFF, 4)),
                cdb("5A 10 CA 00 00 00 00 02 00 00", new ScsiCommand.ModeSense(10, false, true, 3, 0x0A, 0, 512)),
                cdb("1B 00 00 00 01 00", new ScsiCommand.StartStopUnit(false, true)),
                cdb("25 00 00 00 00 00 00 00 00 00", new ScsiCommand.ReadCapacity10()),
                cdb("9E 10 00 00 00 00 00 00 00 00 00 00 00 20 00 00", new ScsiCommand.ReadCapacity16(32)),
                cdb("9E 12 00 00 00 00 00 00 10 00 00 00 04 00 00 00", new ScsiCommand.GetLbaStatus(0x1000, 1024)),
                cdb("9E 13 00 00 00 00 00 00 10 00 00 00 04 00 00 00", new ScsiCommand.InvalidField(1)),
                cdb("A0 00 02 00 00 00 00 00 10 00 00 00", new ScsiCommand.ReportLuns(2, 4096)),
                cdb("A0 00 00 00 00 00 FF FF FF FF 00 00", new ScsiCommand.ReportLuns(0, Integer.MAX_VALUE)),
                cdb("08 1F FF FF 01 00", new ScsiCommand.Read(0x1FFFFF, 1, false)),
                cdb("08 E0 00 07 00 00", new ScsiCommand.Read(7, 256, false)),
                cdb("28 08 FF FF FF FF 00 00 08 00", new ScsiCommand.Read(0xFFFFFFFFL, 8, true)),
                cdb("28 20 00 00 00 00 00 00 08 00", new ScsiCommand.InvalidField(1)),
                cdb("A8 00 00 00 00 01 00 01 00 00 00 00", new ScsiCommand.Read(1, 65536, false)),
                cdb(
                        "88 08 00 00 00 01 00 00 00 00 FF FF FF FF 00 00",
                        new ScsiCommand.Read(1L << 32, 0xFFFFFFFFL, true)),
                cdb("0A 00 00 02 03 00", new ScsiCommand.Write(2, 3, false)),
                cdb("2A 08 00 00 00 02 00 00 00 00", new ScsiCommand.Write(2, 0, true)),
                cdb("AA 00 00 00 00 02 00 00 00 03 00 00", new ScsiCommand.Write(2, 3, false)),
                cdb("8A 00 00 00 00 00 00 00 00 02 00 00 00 03 00 00", new ScsiCommand.Write(2, 3, false)),
                cdb("8A E0 00 00 00 00 00 00 00 02 00 00 00 03 00 00", new ScsiCommand.InvalidField(1)),
                cdb("2F 00 00 00 00 02 00 00 03 00", new ScsiCommand.Verify(2, 3, ScsiCommand.ByteCheck.MEDIUM)),
                cdb("2F 02 00 00 00 02 00 00 03 00", new ScsiCommand.Verify(2, 3, ScsiCommand.ByteCheck.DATA_OUT)),
                cdb("2F 04 00 00 00 02 00 00 03 00", new ScsiCommand.InvalidField(1)),
                cdb(
                        "AF 16 00 00 00 02 00 00 00 03 00 00",
                        new ScsiCommand.Verify(2, 3, ScsiCommand.ByteCheck.ONE_BLOCK)),
                cdb(
                        "2E 12 00 00 00 02 00 00 03 00",
                        new ScsiCommand.WriteAndVerify(2, 3, ScsiCommand.ByteCheck.DATA_OUT)),
                cdb(
                        "AE 00 00 00 00 02 00 00 00 03 00 00",
                        new ScsiCommand.WriteAndVerify(2, 3, ScsiCommand.ByteCheck.MEDIUM)),
                cdb("8E 06 00 00 00 00 00 00 00 02 00 00 00 03 00 00", new ScsiCommand.InvalidField(1)),
                cdb("89 18 00 00 00 00 00 00 00 02 00 00 00 FF 00 00", new ScsiCommand.CompareAndWrite(2, 255, true)),
                cdb("89 20 00 00 00 00 00 00 00 02 00 00 00 01 00 00", new ScsiCommand.InvalidField(1)),
                cdb("8B 08 00 00 00 00 00 00 00 02 00 00 00 03 00 00", new ScsiCommand.OrWrite(2, 3, true)),
                cdb("34 02 00 00 00 02 00 00 03 00", new ScsiCommand.Prefetch(2, 3)),
                cdb("90 00 00 00 00 00 00 00 00 02 00 00 00 03 00 00", new ScsiCommand.Prefetch(2, 3)),
                cdb("37 00 1D 00 00 00 00 01 00 00", new ScsiCommand.ReadDefectData(10, 0x1D, 256)),
                cdb("B7 0D 00 00 00 00 00 00 01 00 00 00", new ScsiCommand.ReadDefectData(12, 0x0D, 256)),
                cdb("1E 00 00 00 01 00", new ScsiCommand.PreventAllow(true)),
                cdb("1B 00 00 00 02 00", new ScsiCommand.StartStopUnit(true, false)),
                cdb("1B 00 00 00 32 00", new ScsiCommand.StartStopUnit(false, false)),
                cdb("83 00 00 00 00 00 00 00 00 00 00 00 01 00 00 00", new ScsiCommand.ExtendedCopy(256)),
                cdb("83 01 00 00 00 00 00 00 00 00 00 00 01 00 00 00", new ScsiCommand.InvalidField(1)),
                cdb("84 03 07 00 00 00 00 00 00 00 00 00 01 00 00 00", new ScsiCommand.ReceiveCopyResults(3, 7, 256)),
                cdb("15 10 00 00 18 00", new ScsiCommand.ModeSelect(6, 24)),
                cdb("15 11 00 00 18 00", new ScsiCommand.InvalidField(1)),
                cdb("55 10 00 00 00 00 00 01 00 00", new ScsiCommand.ModeSelect(10, 256)),
                cdb("16 00 00 00 00 00", new ScsiCommand.Reserve()),
                cdb("16 01 00 00 00 00", new ScsiCommand.InvalidField(1)),
                cdb("56 00 00 00 00 00 00 00 00 00", new ScsiCommand.Reserve()),
                cdb("17 00 00 00 00 00", new ScsiCommand.Release()),
                cdb("57 00 00 00 00 00 00 00 00 00", new ScsiCommand.Release()),
                cdb("5E 03 00 00 00 00 00 01 00 00", new ScsiCommand.PersistentReserveIn(3, 256)),
                cdb("5F 01 05 00 00 00 00 00 18 00", new ScsiCommand.PersistentReserveOut(1, 0, 5, 24)),
                cdb("A3 2A 00 00 00 00 00 00 01 00 00 00", new ScsiCommand.ReportTargetPortGroups(true, 256)),
                cdb("A3 4A 00 00 00 00 00 00 01 00 00 00", new ScsiCommand.InvalidField(1)),
                cdb(
                        "A3 0C 82 9E 00 10 00 00 01 00 00 00",
                        new ScsiCommand.ReportSupportedOperationCodes(true, 2, 0x9E, 0x10, 256)),
                cdb("A3 0D 80 00 00 00 00 00 00 10 00 00", new ScsiCommand.ReportSupportedTaskManagement(true, 16)),
                cdb("A3 05 00 00 00 00 00 00 00 10 00 00", new ScsiCommand.InvalidField(1)),
                cdb("28 00 00 00 00 00 00 00 01 04", new ScsiCommand.InvalidField(9)),
                cdb(
                        "8F 00 00 00 00 00 00 00 00 02 00 00 00 03 00 00",
                        new ScsiCommand.Verify(2, 3, ScsiCommand.ByteCheck.MEDIUM)),
                cdb("35 00 00 00 00 00 00 00 00 00", new ScsiCommand.SynchronizeCache(0, 0)),
                cdb("91 00 00 00 00 00 00 00 00 02 00 00 00 03 00 00", new ScsiCommand.SynchronizeCache(2, 3)),
                cdb("41 08 00 00 00 02 00 00 03 00", new ScsiCommand.WriteSame(2, 3, true, false)),
                cdb("41 01 00 00 00 02 00 00 03 00", new ScsiCommand.WriteSame(2, 3, false, false)),
                cdb("41 10 00 00 00 02 00 00 03 00", new ScsiCommand.InvalidField(1)),
                cdb("93 10 00 00 00 00 00 00 00 02 00 00 00 03 00 00", new ScsiCommand.InvalidField(1)),
                cdb("93 09 00 00 00 00 00 00 00 02 00 00 00 03 00 00", new ScsiCommand.WriteSame(2, 3, true, true)),
                cdb("42 00 00 00 00 00 00 00 18 00", new ScsiCommand.Unmap(24)),
                cdb("42 01 00 00 00 00 00 00 18 00", new ScsiCommand.InvalidField(1)),
                cdb("FF 00 00 00 00 00", new ScsiCommand.Unsupported(0xFF)),
                cdb("04 00 00 00 00 00", new ScsiCommand.Unsupported(0x04)));
    }

    @ParameterizedTest
    @MethodSource("descriptors")
    void aDescriptorIsDecoded(ByteBuffer cdb, ScsiCommand command) {
        assertThat(CdbDecoder.decode(cdb)).isEqualTo(command);
        ByteBuffer padded = ByteBuffer.allocate(20)
                .put(2, cdb, 0, cdb.remaining())
                .position(2)
                .limit(18);
        assertThat(CdbDecoder.decode(padded)).isEqualTo(command);
    }

    @ParameterizedTest
    @MethodSource("descriptors")
    void anEncodedCommandDecodesToItself(ByteBuffer cdb, ScsiCommand command) {
        if (command instanceof ScsiCommand.InvalidField) {
            return;
        }
        boolean lengthFits =
                !(command instanceof ScsiCommand.ReportLuns r && r.allocationLength() == Integer.MAX_VALUE);
        if (lengthFits) {
            assertThat(CdbDecoder.decode(ByteBuffer.wrap(CdbEncoder.encode(command))))
                    .isEqualTo(command);
        }
    }

    @Test
    void anyBytesDecodeToSomething() {
        Random random = new Random(20261101);
        for (int round = 0; round < 20_000; round++) {
            byte[] bytes = new byte[random.nextInt(20)];
            random.nextBytes(bytes);
            assertThat(CdbDecoder.decode(ByteBuffer.wrap(bytes))).isNotNull();
        }
    }

    @Test
    void lunFieldsOfOneLevelAreUnderstoodAndOthersNameNothing() {
        assertThat(Lun.decode(0)).isZero();
        assertThat(Lun.decode(0x0001_0000_0000_0000L)).isEqualTo(1);
        assertThat(Lun.decode(0x4123_0000_0000_0000L)).isEqualTo(0x123);
        assertThat(Lun.decode(0x0101_0000_0000_0000L)).isEqualTo(Lun.NONE);
        assertThat(Lun.decode(0xC101_0000_0000_0000L)).isEqualTo(Lun.NONE);
        assertThat(Lun.decode(0x0001_0001_0000_0000L)).isEqualTo(Lun.NONE);
        for (int lun : new int[] {0, 1, 255, 256, 16383}) {
            assertThat(Lun.decode(Lun.encode(lun))).isEqualTo(lun);
        }
    }

    private static Arguments cdb(String hex, ScsiCommand command) {
        return Arguments.of(ByteBuffer.wrap(HexFormat.ofDelimiter(" ").parseHex(hex)), command);
    }
}
