package io.sluice.iscsi.scsi;

import static io.sluice.iscsi.scsi.OneUnit.BLOCKS;
import static io.sluice.iscsi.scsi.OneUnit.filled;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.iscsi.scsi.ScsiCommand.ByteCheck;
import org.junit.jupiter.api.Test;

/** VERIFY and WRITE AND VERIFY (SBC-3 §5.29, §5.37). */
class VerifyCommandsTest {
    private final OneUnit unit = new OneUnit();

    @Test
    void theMediumIsReadAndNothingIsTransferred() {
        assertThat(unit.run(unit.a, new ScsiCommand.Verify(0, 8, ByteCheck.MEDIUM))
                        .transferBytes())
                .isZero();
        assertThat(unit.sense(new ScsiCommand.Verify(BLOCKS, 1, ByteCheck.MEDIUM), new byte[0]))
                .isEqualTo(Sense.lbaOutOfRange(BLOCKS));
    }

    @Test
    void dataIsComparedWithTheMedium() {
        unit.fill(4, 4, 'a');
        unit.good(new ScsiCommand.Verify(4, 4, ByteCheck.DATA_OUT), filled(4, 'a'));
        byte[] other = filled(4, 'a');
        other[1030] = 'b';
        assertThat(unit.sense(new ScsiCommand.Verify(4, 4, ByteCheck.DATA_OUT), other))
                .isEqualTo(new Sense(Sense.MISCOMPARE, Sense.MISCOMPARE_DURING_VERIFY, 1030L, null));
        assertThat(unit.sense(new ScsiCommand.Verify(4, 4, ByteCheck.DATA_OUT), filled(3, 'a')))
                .as("nothing is claimed of what did not come")
                .isEqualTo(Sense.illegalRequest(Sense.INVALID_FIELD_IN_CDB));
    }

    @Test
    void oneBlockIsComparedWithEach() {
        unit.fill(4, 4, 'a');
        unit.good(new ScsiCommand.Verify(4, 4, ByteCheck.ONE_BLOCK), filled(1, 'a'));
        unit.fill(6, 1, 'b');
        assertThat(unit.sense(new ScsiCommand.Verify(4, 4, ByteCheck.ONE_BLOCK), filled(1, 'a'))
                        .key())
                .isEqualTo(Sense.MISCOMPARE);
    }

    @Test
    void writingAndVerifyingWritesAndTellsWhatItWouldMove() {
        ScsiResult whole = unit.run(unit.a, new ScsiCommand.WriteAndVerify(2, 3, ByteCheck.DATA_OUT), filled(3, 'w'));
        assertThat(whole.transferBytes()).isEqualTo(3 * OneUnit.BLOCK);
        ScsiResult part = unit.run(unit.a, new ScsiCommand.WriteAndVerify(8, 3, ByteCheck.MEDIUM), filled(1, 'v'));
        assertThat(part.status()).isEqualTo(ScsiStatus.GOOD);
        assertThat(part.transferBytes()).as("gives the overflow").isEqualTo(3 * OneUnit.BLOCK);
        assertThat(unit.content(2, 3)).isEqualTo(filled(3, 'w'));
        assertThat(unit.content(8, 2)).isEqualTo(OneUnit.joined(filled(1, 'v'), filled(1, 0)));
    }
}
