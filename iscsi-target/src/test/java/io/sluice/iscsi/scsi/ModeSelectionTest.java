package io.sluice.iscsi.scsi;

import static io.sluice.iscsi.scsi.OneUnit.filled;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** MODE SELECT of the SWP bit (SPC-4 §6.11, §7.5.8). */
class ModeSelectionTest {
    private final OneUnit unit = new OneUnit();

    @Test
    void softwareWriteProtectionIsSetSeenAndCleared() {
        byte[] list = page(0x0A);
        list[4 + ModePages.SWP_BYTE] |= ModePages.SWP;
        unit.good(new ScsiCommand.ModeSelect(6, list.length), list);
        assertThat(OneUnit.senseOf(unit.run(unit.b, new ScsiCommand.TestUnitReady()))
                        .code())
                .as("others are told")
                .isEqualTo(0x2A01);
        assertThat(unit.good(new ScsiCommand.ModeSense(6, true, false, 0, 0x0A, 0, 64))[2] & 0x80)
                .as("WP")
                .isEqualTo(0x80);
        assertThat(unit.sense(new ScsiCommand.Write(0, 1, false), filled(1, 1)).key())
                .isEqualTo(Sense.DATA_PROTECT);
        assertThat(unit.sense(new ScsiCommand.CompareAndWrite(0, 1, false), filled(2, 1))
                        .key())
                .isEqualTo(Sense.DATA_PROTECT);
        list[4 + ModePages.SWP_BYTE] &= ~ModePages.SWP;
        unit.good(new ScsiCommand.ModeSelect(6, list.length), list);
        unit.good(new ScsiCommand.Write(0, 1, false), filled(1, 1));
    }

    @Test
    void whatIsTrueMayBeSetAndNothingElse() {
        byte[] caching = page(0x08);
        unit.good(new ScsiCommand.ModeSelect(6, caching.length), caching);
        caching[4 + 2] = 0; // WCE
        assertThat(unit.sense(new ScsiCommand.ModeSelect(6, caching.length), caching))
                .isEqualTo(Sense.illegalRequest(Sense.INVALID_FIELD_IN_PARAMETER_LIST));
        byte[] cut = Arrays.copyOf(page(0x0A), 10);
        assertThat(unit.sense(new ScsiCommand.ModeSelect(6, cut.length), cut))
                .isEqualTo(Sense.illegalRequest(Sense.PARAMETER_LIST_LENGTH_ERROR));
    }

    @Test
    void theChangeableBitIsShownAndAResetClearsIt() {
        byte[] changeable = unit.good(new ScsiCommand.ModeSense(6, true, false, 1, 0x0A, 0, 64));
        byte[] expected = new byte[16];
        expected[0] = 15;
        expected[2] = 0x10;
        expected[4] = 0x0A;
        expected[5] = 10;
        expected[4 + ModePages.SWP_BYTE] = ModePages.SWP;
        assertThat(changeable).isEqualTo(expected);
        byte[] list = page(0x0A);
        list[4 + ModePages.SWP_BYTE] |= ModePages.SWP;
        unit.good(new ScsiCommand.ModeSelect(6, list.length), list);
        unit.server.reset(unit.b, 0);
        unit.run(unit.a, new ScsiCommand.TestUnitReady());
        unit.good(new ScsiCommand.Write(0, 1, false), filled(1, 1));
    }

    /** A parameter list with a page as it is. */
    private byte[] page(int page) {
        byte[] list = unit.good(new ScsiCommand.ModeSense(6, true, false, 0, page, 0, 64));
        list[0] = 0;
        list[2] = 0;
        return list;
    }
}
