package io.sluice.iscsi.session;

import static io.sluice.iscsi.session.SessionClient.pattern;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.iscsi.pdu.CommandFlags;
import io.sluice.iscsi.pdu.CommandResponse;
import io.sluice.iscsi.pdu.DataIn;
import io.sluice.iscsi.pdu.Pdu;
import io.sluice.iscsi.pdu.ReadyToTransfer;
import io.sluice.iscsi.pdu.Reject;
import io.sluice.iscsi.pdu.Residual;
import io.sluice.iscsi.pdu.ResponseNumbers;
import io.sluice.iscsi.pdu.TargetPdu;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DataTransferTest {

    private static final int GOOD = 0;
    private static final int CHECK_CONDITION = 2;

    private final SessionClient client = new SessionClient();

    @Test
    void aReadIsCutIntoSegmentsAndBurstsAndEndsWithItsStatus() {
        client.read(9, 2200);
        client.executed(1, GOOD, 2200);
        List<TargetPdu> sent = client.sent();
        List<String> shape = new ArrayList<>();
        ByteBuffer all = ByteBuffer.allocate(2200);
        for (TargetPdu pdu : sent) {
            DataIn in = (DataIn) pdu;
            all.put(in.data().duplicate());
            shape.add(in.dataSn() + "@" + in.bufferOffset() + "+" + in.data().remaining() + (in.last() ? "F" : "")
                    + (in.ending() != null ? "S" : ""));
        }
        assertThat(shape).containsExactly("0@0+512", "1@512+512F", "2@1024+512", "3@1536+512F", "4@2048+152FS");
        assertThat(all.flip()).isEqualTo(pattern(0, 2200));
        assertThat(sent.getLast().numbers().statSn()).isEqualTo(50);
        assertThat(client.state().commands()).isEqualTo(1);
        client.delivered(1);
        assertThat(client.state().commands()).isZero();
    }

    @ParameterizedTest
    @CsvSource({
        "512, 512, false, false, 0, 512",
        "512, 300, false, true, 212, 300",
        "300, 512, true, false, 212, 300",
    })
    void residualsTellWhatDiffersFromWhatWasExpected(
            long expected, int available, boolean over, boolean under, long bytes, int length) {
        client.read(9, expected);
        client.executed(1, GOOD, available);
        DataIn last = client.sent(DataIn.class);
        assertThat(last.data().remaining()).isEqualTo(length);
        assertThat(last.ending()).isEqualTo(new DataIn.Ending(GOOD, new Residual(over, under, bytes)));
    }

    @Test
    void aFailedReadAnswersWithItsSense() {
        client.read(9, 512);
        client.input(new SessionInput.Executed(
                new TaskId(1), new SessionInput.Outcome(CHECK_CONDITION, pattern(7, 18), Pdu.NO_DATA, 0)));
        CommandResponse response = client.sent(CommandResponse.class);
        assertThat(response.status()).isEqualTo(CHECK_CONDITION);
        assertThat(response.residual()).isEqualTo(new Residual(false, true, 512));
        assertThat(response.data().getShort(0)).isEqualTo((short) 18);
        assertThat(response.data().slice(2, 18)).isEqualTo(pattern(7, 18));
    }

    @Test
    void aWriteWithAllItsDataIsExecutedAtOnce() {
        client.write(9, 512, 512, false);
        assertThat(client.dataOut()).isEqualTo(pattern(0, 512));
        client.input(new SessionInput.Executed(
                new TaskId(1), new SessionInput.Outcome(GOOD, Pdu.NO_DATA, Pdu.NO_DATA, 512)));
        CommandResponse response = client.sent(CommandResponse.class);
        assertThat(response.residual()).isEqualTo(Residual.NONE);
        assertThat(response.numbers()).isEqualTo(new ResponseNumbers(50, 0xffffffff, 1));
    }

    @Test
    void immediateUnsolicitedAndSolicitedDataComeTogether() {
        client.write(9, 2500, 300, true);
        client.data(9, Pdu.RESERVED_TAG, 0, 300, 400, false);
        assertThat(client.sent()).isEmpty();
        client.data(9, Pdu.RESERVED_TAG, 1, 700, 324, true);
        ReadyToTransfer first = client.sent(ReadyToTransfer.class);
        assertThat(first.bufferOffset()).isEqualTo(1024);
        assertThat(first.desiredLength()).isEqualTo(1024);
        assertThat(first.r2tSn()).isZero();
        client.data(9, first.transferTag(), 0, 1024, 1000, false);
        client.data(9, first.transferTag(), 1, 2024, 24, true);
        ReadyToTransfer second = client.sent(ReadyToTransfer.class);
        assertThat(second.r2tSn()).isEqualTo(1);
        assertThat(second.transferTag()).isNotEqualTo(first.transferTag());
        client.data(9, second.transferTag(), 0, 2048, 452, true);
        assertThat(client.dataOut()).isEqualTo(pattern(0, 2500));
        client.input(new SessionInput.Executed(
                new TaskId(1), new SessionInput.Outcome(GOOD, Pdu.NO_DATA, Pdu.NO_DATA, 2500)));
        assertThat(client.sent(CommandResponse.class).expDataSn()).isEqualTo(2);
    }

    @Test
    void aWriteWithoutDataOfItsOwnIsAskedForAllOfIt() {
        client.write(9, 700, 0, false);
        ReadyToTransfer asked = client.sent(ReadyToTransfer.class);
        assertThat(asked.desiredLength()).isEqualTo(700);
        client.data(9, asked.transferTag(), 0, 0, 700, true);
        assertThat(client.dataOut()).isEqualTo(pattern(0, 700));
    }

    @ParameterizedTest
    @CsvSource({
        "1, 0, 0, 700, true",
        "0, 4, 0, 700, true",
        "0, 0, 0, 701, true",
        "0, 0, 0, 699, true",
        "0, 0, 0, 700, false",
    })
    void dataThatWasNotAskedForEndsTheSession(int wrongTag, int offset, int dataSn, int length, boolean last) {
        client.write(9, 700, 0, false);
        int tag = client.sent(ReadyToTransfer.class).transferTag() + wrongTag;
        client.data(9, tag, dataSn, offset, length, last);
        assertThat(client.closes()).isTrue();
        assertThat(client.executing()).isEmpty();
    }

    @Test
    void aDataSnOutOfOrderEndsItsTaskOnceAllThatWasAskedForHasCome() {
        client.write(9, 700, 0, false);
        int tag = client.sent(ReadyToTransfer.class).transferTag();
        client.data(9, tag, 1, 0, 500, false);
        assertThat(client.sent()).isEmpty();
        client.data(9, tag, 0, 500, 200, true);
        CommandResponse response = client.sent(CommandResponse.class);
        assertThat(response.status()).isEqualTo(2);
        assertThat(response.data().getShort(2 + 12))
                .as("PROTOCOL SERVICE CRC ERROR")
                .isEqualTo((short) 0x4705);
        assertThat(client.closes()).isFalse();
        assertThat(client.executing()).isEmpty();
        client.write(9, 700, 0, false);
        assertThat(client.sent(ReadyToTransfer.class).desiredLength()).isEqualTo(700);
    }

    @Test
    void unsolicitedDataBeyondTheFirstBurstEndsTheSession() {
        client.write(9, 4000, 1000, true);
        client.data(9, Pdu.RESERVED_TAG, 0, 1000, 25, false);
        assertThat(client.closes()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"true, true, 100, true", "false, false, 100, false", "false, true, 1025, false"})
    void dataThatWasNotAgreedOnEndsTheSession(boolean initialR2t, boolean immediate, int bytes, boolean more) {
        SessionClient strict = new SessionClient(SessionClient.parameters(initialR2t, immediate), SessionClient.TARGET);
        strict.write(9, 4000, bytes, more);
        assertThat(strict.sent(Reject.class).reason()).isEqualTo(Reject.PROTOCOL_ERROR);
        assertThat(strict.closes()).isTrue();
    }

    @Test
    void aWriteLongerThanAllowedIsRefusedAndItsDataIgnored() {
        client.write(9, SessionClient.MAX_TRANSFER + 1, 100, true);
        assertThat(client.sent(CommandResponse.class).status()).isEqualTo(CHECK_CONDITION);
        client.data(9, Pdu.RESERVED_TAG, 0, 100, 100, true);
        assertThat(client.closes()).isFalse();
        assertThat(client.state().commands()).isZero();
    }

    @Test
    void commandsWaitUntilTheBufferHasRoom() {
        client.read(1, 3000);
        assertThat(client.executing()).containsExactly(1L);
        client.write(2, 2000, 0, false);
        assertThat(client.sent()).isEmpty();
        client.read(3, 100);
        assertThat(client.executing()).as("no overtaking").isEmpty();
        client.executed(1, GOOD, 3000);
        assertThat(client.executing()).as("not yet delivered").isEmpty();
        client.delivered(1);
        assertThat(client.sent(ReadyToTransfer.class).taskTag()).isEqualTo(2);
        assertThat(client.executing()).containsExactly(3L);
    }

    @Test
    void oneCommandIsAdmittedHoweverLarge() {
        client.write(1, SessionClient.MAX_TRANSFER, 0, false);
        assertThat(client.sent(ReadyToTransfer.class).desiredLength()).isEqualTo(1024);
    }

    @Test
    void bidirectionalCommandsAreRejected() {
        client.send(client.command(9, new CommandFlags(false, true, true, true, 1), 512, Pdu.NO_DATA));
        assertThat(client.sent(Reject.class).reason()).isEqualTo(Reject.COMMAND_NOT_SUPPORTED);
    }
}
