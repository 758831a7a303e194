package io.sluice.iscsi.scsi;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class SenseTest {
    @Test
    void writeProtectionIsDataProtect27h() {
        Sense sense = new Sense(Sense.DATA_PROTECT, Sense.WRITE_PROTECTED, null, null);
        assertThat(hex(sense)).isEqualTo("700007000000000a00000000270000000000");
    }

    @Test
    void anLbaOutOfRangeIsInTheInformationField() {
        assertThat(hex(Sense.lbaOutOfRange(0x12345678L))).isEqualTo("f00005123456780a00000000210000000000");
    }

    @Test
    void anLbaBeyond32BitsLeavesTheInformationFieldInvalid() {
        assertThat(hex(Sense.lbaOutOfRange(1L << 32))).isEqualTo("700005000000000a00000000210000000000");
        assertThat(hex(Sense.lbaOutOfRange(-1))).isEqualTo("700005000000000a00000000210000000000");
    }

    @Test
    void anInvalidFieldPointsIntoTheCdb() {
        assertThat(hex(Sense.invalidField(2))).isEqualTo("700005000000000a00000000240000c00002");
    }

    @Test
    void bothFormatsAreRead() {
        Sense fixed = Sense.decode(ByteBuffer.wrap(Sense.lbaOutOfRange(99).encode()));
        assertThat(fixed).isEqualTo(new Sense(Sense.ILLEGAL_REQUEST, Sense.LBA_OUT_OF_RANGE, 99L, null));
        Sense descriptor = Sense.decode(ByteBuffer.wrap(HexFormat.of().parseHex("7206290000000000")));
        assertThat(descriptor).isEqualTo(new Sense(Sense.UNIT_ATTENTION, 0x2900, null, null));
        assertThat(Sense.decode(ByteBuffer.allocate(0))).isNull();
        assertThat(Sense.decode(ByteBuffer.wrap(new byte[18]))).isNull();
    }

    private static String hex(Sense sense) {
        return HexFormat.of().formatHex(sense.encode());
    }
}
