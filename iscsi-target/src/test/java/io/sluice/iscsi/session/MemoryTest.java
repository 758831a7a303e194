package io.sluice.iscsi.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.iscsi.pdu.ReadyToTransfer;
import io.sluice.iscsi.pdu.TaskFunction;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a session asks for, holds and gives back of its server's memory. */
class MemoryTest {

    private static final int GOOD = 0;

    private final SessionClient client = new SessionClient();

    @Test
    void commandsWaitForMemoryAndAskOnce() {
        client.holdMemory();
        assertThat(client.read(1, 1000)).containsExactly(new SessionOutput.Want(SessionClient.BUFFER));
        assertThat(client.write(2, 2000, 0, false)).isEmpty();
        client.granted(SessionClient.BUFFER);
        assertThat(client.executing()).containsExactly(1L);
        assertThat(client.sent(ReadyToTransfer.class).taskTag()).isEqualTo(2);
    }

    @Test
    void aLongCommandAloneMayHaveMoreThanTheSessionsBuffer() {
        client.holdMemory();
        assertThat(client.write(1, SessionClient.MAX_TRANSFER, 0, false))
                .containsExactly(new SessionOutput.Want(SessionClient.MAX_TRANSFER));
    }

    @Test
    void whatOthersWaitForIsGivenBackButForWhatCommandsHold() {
        client.read(1, 1000);
        assertThat(client.input(new SessionInput.Reclaim()))
                .containsExactly(new SessionOutput.GiveBack(SessionClient.BUFFER - 1000));
        assertThat(client.input(new SessionInput.Reclaim())).isEmpty();
    }

    @Test
    void anAbortedCommandHoldsItsMemoryUntilItHasEndedAndLeft() {
        client.read(1, 1000);
        client.manage(TaskFunction.ABORT_TASK, 8, 1);
        client.input(new SessionInput.Reclaim());
        client.executed(1, GOOD, 1000);
        assertThat(client.input(new SessionInput.Reclaim())).isEmpty();
        client.delivered(1);
        assertThat(client.input(new SessionInput.Reclaim())).containsExactly(new SessionOutput.GiveBack(1000));
    }

    @Test
    void aLostSessionGivesAllBackOnceItsCommandsHaveEnded() {
        client.read(1, 1000);
        client.write(2, 2000, 0, false);
        assertThat(client.input(new SessionInput.Lost()))
                .as("a read is on the disk")
                .isEmpty();
        assertThat(client.executed(1, GOOD, 1000)).containsExactly(new SessionOutput.Finished(new TaskId(1)));
        assertThat(client.delivered(1)).containsExactly(new SessionOutput.GiveBack(SessionClient.BUFFER));
    }

    @Test
    void memoryThatComesTooLateGoesBack() {
        client.holdMemory();
        client.read(1, 1000);
        assertThat(client.input(new SessionInput.Lost())).isEmpty();
        assertThat(client.granted(SessionClient.BUFFER)).isEqualTo(List.of(new SessionOutput.GiveBack(4096)));
    }
}
