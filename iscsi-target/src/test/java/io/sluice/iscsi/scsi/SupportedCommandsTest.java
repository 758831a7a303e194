package io.sluice.iscsi.scsi;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** REPORT SUPPORTED OPERATION CODES and TASK MANAGEMENT FUNCTIONS (SPC-4 §6.35, §6.36). */
class SupportedCommandsTest {
    private final OneUnit unit = new OneUnit();

    @Test
    void allThatIsListedIsDecodedAndNothingElse() {
        Set<Integer> listed = new HashSet<>();
        for (SupportedCommands.Supported supported : SupportedCommands.ALL) {
            listed.add(supported.code());
            ByteBuffer cdb = ByteBuffer.allocate(16).put((byte) supported.code());
            int pageFormat = supported.usage().get(1) & 0x10; // MODE SELECT needs it, nobody else minds
            cdb.put((byte) (supported.hasServiceAction() ? supported.serviceAction() : pageFormat));
            assertThat(CdbDecoder.decode(cdb.clear()))
                    .as("%02Xh/%d", supported.code(), supported.serviceAction())
                    .isNotInstanceOfAny(ScsiCommand.Unsupported.class)
                    .isNotEqualTo(new ScsiCommand.InvalidField(1));
        }
        for (int code = 0; code < 256; code++) {
            ScsiCommand command = CdbDecoder.decode(ByteBuffer.allocate(16).put(0, (byte) code));
            assertThat(command instanceof ScsiCommand.Unsupported)
                    .as("%02Xh", code)
                    .isEqualTo(!listed.contains(code));
        }
    }

    @Test
    void oneCommandTellsItsUsage() {
        byte[] read = unit.good(new ScsiCommand.ReportSupportedOperationCodes(false, 1, 0x28, 0, 64));
        assertThat(read).startsWith(new byte[] {0, 3, 0, 10, 0x28, 0x18});
        byte[] timed = unit.good(new ScsiCommand.ReportSupportedOperationCodes(true, 2, 0x9E, 0x10, 64));
        assertThat(timed).hasSize(4 + 16 + 12).startsWith(new byte[] {0, (byte) 0x83, 0, 16, (byte) 0x9E, 0x10});
        assertThat(unit.good(new ScsiCommand.ReportSupportedOperationCodes(false, 3, 0x04, 0, 64)))
                .containsExactly(0, 1, 0, 0);
    }

    @Test
    void theOptionMustFitTheCommand() {
        assertThat(unit.sense(new ScsiCommand.ReportSupportedOperationCodes(false, 1, 0x9E, 0x10, 64), new byte[0]))
                .isEqualTo(Sense.invalidField(2));
        assertThat(unit.sense(new ScsiCommand.ReportSupportedOperationCodes(false, 2, 0x28, 0, 64), new byte[0]))
                .isEqualTo(Sense.invalidField(2));
        assertThat(unit.sense(new ScsiCommand.ReportSupportedOperationCodes(false, 4, 0x28, 0, 64), new byte[0]))
                .isEqualTo(Sense.invalidField(2));
    }

    @Test
    void theListIsCutWhereItIsToBeCutAndTellsItsWholeLength() {
        byte[] all = unit.good(new ScsiCommand.ReportSupportedOperationCodes(false, 0, 0, 0, 65535));
        assertThat(ByteBuffer.wrap(all).getInt()).isEqualTo(all.length - 4).isEqualTo(8 * SupportedCommands.ALL.size());
        byte[] timed = unit.good(new ScsiCommand.ReportSupportedOperationCodes(true, 0, 0, 0, 65535));
        assertThat(timed.length - 4).isEqualTo(20 * SupportedCommands.ALL.size());
        byte[] cut = unit.good(new ScsiCommand.ReportSupportedOperationCodes(false, 0, 0, 0, 20));
        assertThat(cut).hasSize(20);
        assertThat(ByteBuffer.wrap(cut).getInt()).isEqualTo(all.length - 4);
    }

    @Test
    void taskManagementFunctionsAreListed() {
        assertThat(unit.good(new ScsiCommand.ReportSupportedTaskManagement(false, 64)))
                .containsExactly((byte) 0xDA, (byte) 0, (byte) 0, (byte) 0);
        assertThat(unit.good(new ScsiCommand.ReportSupportedTaskManagement(true, 64)))
                .hasSize(16);
    }

    @Test
    void theOnlyPortGroupIsActiveAndTheAnswerIsCut() {
        byte[] groups = unit.good(new ScsiCommand.ReportTargetPortGroups(false, 64));
        assertThat(groups).containsExactly(0, 0, 0, 12, 0, 1, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1);
        assertThat(unit.good(new ScsiCommand.ReportTargetPortGroups(true, 64))).hasSize(20);
        assertThat(unit.good(new ScsiCommand.ReportTargetPortGroups(false, 6))).containsExactly(0, 0, 0, 12, 0, 1);
    }
}
