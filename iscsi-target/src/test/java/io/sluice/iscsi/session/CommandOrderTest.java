package io.sluice.iscsi.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.iscsi.pdu.CommandFlags;
import io.sluice.iscsi.pdu.CommandRequest;
import io.sluice.iscsi.pdu.NopIn;
import io.sluice.iscsi.pdu.NopOut;
import io.sluice.iscsi.pdu.Pdu;
import io.sluice.iscsi.pdu.Reject;
import io.sluice.iscsi.pdu.RequestNumbers;
import io.sluice.iscsi.pdu.ResponseNumbers;
import io.sluice.iscsi.pdu.TaskFunction;
import io.sluice.iscsi.pdu.TaskRequest;
import io.sluice.iscsi.pdu.TaskResponse;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** CmdSN: the order of commands and their window (RFC 7143 §4.2.2.1), which wraps within these tests. */
class CommandOrderTest {

    private static final int FIRST = SessionClient.FIRST_CMD_SN;
    private static final int GOOD = 0;

    private final SessionClient client = new SessionClient();

    @Test
    void aCommandSeenBeforeIsIgnored() {
        command(1, FIRST);
        assertThat(client.executing()).containsExactly(1L);
        command(2, FIRST);
        assertThat(client.executing()).isEmpty();
        assertThat(client.sent()).isEmpty();
        assertThat(client.closes()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, -1000, SessionClient.WINDOW, SessionClient.WINDOW + 1000, Integer.MIN_VALUE})
    void aCommandOutsideOfTheWindowIsIgnored(int distance) {
        command(1, FIRST + distance);
        assertThat(client.executing()).isEmpty();
        assertThat(client.sent()).isEmpty();
        assertThat(client.closes()).isFalse();
        command(2, FIRST);
        assertThat(client.executing()).hasSize(1);
    }

    @Test
    void commandsThatComeEarlyWaitForTheirTurn() {
        command(4, FIRST + 3);
        command(2, FIRST + 1);
        command(3, FIRST + 2);
        assertThat(client.executing()).isEmpty();
        assertThat(client.closes()).isFalse();
        command(1, FIRST);
        assertThat(executedTags()).containsExactly(1, 2, 3, 4);
    }

    @Test
    void anEarlyCommandThatComesTwiceRunsOnce() {
        command(2, FIRST + 1);
        command(2, FIRST + 1);
        command(1, FIRST);
        assertThat(executedTags()).containsExactly(1, 2);
    }

    @Test
    void anImmediateRequestDoesNotWaitAndTakesNoNumber() {
        command(2, FIRST + 1);
        client.send(new NopOut(true, 0, 9, Pdu.RESERVED_TAG, new RequestNumbers(FIRST, 0), Pdu.NO_DATA));
        assertThat(client.sent(NopIn.class).numbers())
                .isEqualTo(new ResponseNumbers(50, FIRST, FIRST + SessionClient.WINDOW - 1));
        command(1, FIRST);
        assertThat(executedTags()).containsExactly(1, 2);
    }

    @Test
    void aRejectedCommandCountsAsNotReceivedUntilItsNumberComesAgain() {
        CommandFlags bothWays = new CommandFlags(false, true, true, true, 1);
        client.send(request(1, FIRST, bothWays));
        assertThat(client.sent(Reject.class).numbers().expCmdSn()).isEqualTo(FIRST);
        command(2, FIRST + 1);
        assertThat(client.executing()).isEmpty();
        command(3, FIRST);
        assertThat(executedTags()).containsExactly(3, 2);
    }

    @Test
    void abortingACommandThatNeverCameFillsItsPlace() {
        command(2, FIRST + 1);
        abort(FIRST, FIRST + 2);
        assertThat(((TaskResponse) client.sent().getFirst()).response()).isEqualTo(TaskResponse.COMPLETE);
        assertThat(executedTags()).containsExactly(2);
        command(1, FIRST);
        assertThat(client.executing()).as("it counts as received").isEmpty();
    }

    @Test
    void abortingACommandThatWaitsForItsTurnDropsIt() {
        command(2, FIRST + 1);
        abort(FIRST + 1, FIRST + 2);
        assertThat(client.sent(TaskResponse.class).response()).isEqualTo(TaskResponse.COMPLETE);
        command(1, FIRST);
        assertThat(executedTags()).containsExactly(1);
        command(3, FIRST + 2);
        assertThat(executedTags()).containsExactly(3);
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 2, 3, SessionClient.WINDOW})
    void abortingWhatCanNotComeAnyMoreOrComesLaterFindsNoTask(int distance) {
        abort(FIRST + distance, FIRST + 2);
        assertThat(client.sent(TaskResponse.class).response()).isEqualTo(TaskResponse.NO_SUCH_TASK);
    }

    @Test
    void aTargetResetDoesNotWaitForCommandsThatNeverCame() {
        command(3, FIRST + 2);
        client.send(new TaskRequest(
                true,
                TaskFunction.TARGET_WARM_RESET.code(),
                0,
                8,
                Pdu.RESERVED_TAG,
                new RequestNumbers(FIRST + 3, 0),
                0,
                0));
        client.input(new SessionInput.ResetDone(8, TaskFunction.TARGET_WARM_RESET));
        assertThat(client.sent(TaskResponse.class).numbers().expCmdSn()).isEqualTo(FIRST + 3);
        command(4, FIRST + 3);
        assertThat(executedTags()).containsExactly(4);
    }

    @Test
    void theWindowNeverTakesMoreThanItsCommandsAndNeverMovesBack() {
        for (int tag = 1; tag <= SessionClient.WINDOW; tag++) {
            client.read(tag, 100);
        }
        client.read(5, 100);
        assertThat(client.executing()).as("beyond the window").isEmpty();
        client.executed(1, GOOD, 100);
        assertThat(client.sent().getFirst().numbers()).isEqualTo(new ResponseNumbers(50, 2, 1));
        client.delivered(1);
        client.executed(2, GOOD, 100);
        assertThat(client.sent().getFirst().numbers()).isEqualTo(new ResponseNumbers(51, 2, 2));
    }

    private void command(int tag, int cmdSn) {
        client.send(request(tag, cmdSn, CommandFlags.NO_DATA));
    }

    private static CommandRequest request(int tag, int cmdSn, CommandFlags flags) {
        ByteBuffer cdb = ByteBuffer.allocate(16).put(1, (byte) tag);
        return new CommandRequest(flags, 0, tag, 0, new RequestNumbers(cmdSn, 0), cdb, Pdu.NO_DATA);
    }

    private void abort(int refCmdSn, int cmdSn) {
        client.send(new TaskRequest(
                true, TaskFunction.ABORT_TASK.code(), 0, 8, 77, new RequestNumbers(cmdSn, 0), refCmdSn, 0));
    }

    /** Told by the CDB, in the order in which they were executed. */
    private List<Integer> executedTags() {
        return client.executed().stream()
                .map(command -> (int) command.cdb().get(1))
                .toList();
    }
}
