package io.sluice.iscsi.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.iscsi.login.TextKeys;
import io.sluice.iscsi.pdu.CommandFlags;
import io.sluice.iscsi.pdu.CommandRequest;
import io.sluice.iscsi.pdu.CommandResponse;
import io.sluice.iscsi.pdu.DataIn;
import io.sluice.iscsi.pdu.Isid;
import io.sluice.iscsi.pdu.LoginFlags;
import io.sluice.iscsi.pdu.LoginRequest;
import io.sluice.iscsi.pdu.LoginStage;
import io.sluice.iscsi.pdu.LogoutRequest;
import io.sluice.iscsi.pdu.LogoutResponse;
import io.sluice.iscsi.pdu.NopIn;
import io.sluice.iscsi.pdu.NopOut;
import io.sluice.iscsi.pdu.Pdu;
import io.sluice.iscsi.pdu.ReadyToTransfer;
import io.sluice.iscsi.pdu.Reject;
import io.sluice.iscsi.pdu.RequestNumbers;
import io.sluice.iscsi.pdu.ResponseNumbers;
import io.sluice.iscsi.pdu.SnackRequest;
import io.sluice.iscsi.pdu.TaskFunction;
import io.sluice.iscsi.pdu.TaskRequest;
import io.sluice.iscsi.pdu.TaskResponse;
import io.sluice.iscsi.pdu.TextRequest;
import io.sluice.iscsi.pdu.TextResponse;
import io.sluice.iscsi.pdu.UnknownPdu;
import io.sluice.iscsi.scsi.ScsiStatus;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class SessionMachineTest {

    private static final int GOOD = 0;
    private static final RequestNumbers NO_NUMBERS = new RequestNumbers(0, 0);

    private final SessionClient client = new SessionClient();

    @Test
    void immediateCommandsStandOutsideOfTheWindowWithinALimit() {
        CommandFlags immediate = new CommandFlags(true, true, false, false, 1);
        for (int tag = 1; tag <= 2 * SessionClient.WINDOW; tag++) {
            client.send(new CommandRequest(immediate, 0, tag, 0, NO_NUMBERS, ByteBuffer.allocate(16), Pdu.NO_DATA));
            assertThat(client.executing()).hasSize(1);
        }
        client.send(new CommandRequest(immediate, 0, 99, 0, NO_NUMBERS, ByteBuffer.allocate(16), Pdu.NO_DATA));
        assertThat(client.sent(Reject.class).reason()).isEqualTo(Reject.TOO_MANY_IMMEDIATE_COMMANDS);
    }

    @Test
    void aTagInUseIsRejected() {
        client.read(1, 100);
        client.read(1, 100);
        assertThat(client.sent(Reject.class).reason()).isEqualTo(Reject.TASK_IN_PROGRESS);
    }

    @Test
    void pingsComeBackWithTheirData() {
        client.send(new NopOut(false, 5, 7, Pdu.RESERVED_TAG, client.next(), SessionClient.pattern(0, 600)));
        NopIn pong = client.sent(NopIn.class);
        assertThat(pong.taskTag()).isEqualTo(7);
        assertThat(pong.data()).isEqualTo(SessionClient.pattern(0, 512));
        assertThat(pong.numbers()).isEqualTo(new ResponseNumbers(50, 0xffffffff, 2));
    }

    @Test
    void aSilentPeerIsPingedAndThenGivenUp() {
        client.input(new SessionInput.Tick());
        assertThat(client.sent()).as("it was heard at login").isEmpty();
        client.input(new SessionInput.Tick());
        NopIn ping = client.sent(NopIn.class);
        assertThat(ping.transferTag()).isNotEqualTo(Pdu.RESERVED_TAG);
        assertThat(ping.numbers().statSn()).isEqualTo(50);
        client.send(new NopOut(true, 0, Pdu.RESERVED_TAG, ping.transferTag(), NO_NUMBERS, Pdu.NO_DATA));
        assertThat(client.sent()).as("an answer needs no answer").isEmpty();
        client.input(new SessionInput.Tick());
        client.input(new SessionInput.Tick());
        assertThat(client.sent()).hasSize(1);
        client.input(new SessionInput.Tick());
        assertThat(client.closes()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"0, 0, 0, true", "1, 3, 0, true", "1, 4, 1, false", "2, 3, 2, false"})
    void logoutsAreAnsweredByTheirReason(int reason, int connection, int response, boolean closes) {
        client.send(new LogoutRequest(false, reason, 7, connection, client.next()));
        assertThat(client.sent(LogoutResponse.class).response()).isEqualTo(response);
        assertThat(client.closes()).isEqualTo(closes);
    }

    @Test
    void nothingIsSentAfterTheEnd() {
        client.read(1, 100);
        client.send(new LogoutRequest(true, 0, 7, 0, NO_NUMBERS));
        assertThat(client.executed(1, GOOD, 100)).containsExactly(new SessionOutput.Finished(new TaskId(1)));
        assertThat(client.read(2, 100)).isEmpty();
        assertThat(client.input(new SessionInput.Tick())).isEmpty();
    }

    @Test
    void whatHasNoPlaceHereIsRejected() {
        client.send(new SnackRequest(0, 0, 1, 2, 3, 4, 5));
        assertThat(client.sent(Reject.class).reason()).isEqualTo(Reject.SNACK_REJECT);
        client.send(new UnknownPdu(0x1d, 1, ByteBuffer.allocate(48).put(0, (byte) 0x1d), Pdu.NO_DATA));
        Reject reject = client.sent(Reject.class);
        assertThat(reject.reason()).isEqualTo(Reject.COMMAND_NOT_SUPPORTED);
        assertThat(reject.data().get(0)).isEqualTo((byte) 0x1d);
        assertThat(client.closes()).isFalse();
        client.send(new LoginRequest(
                LoginFlags.in(LoginStage.SECURITY), 0, 0, new Isid(1), 0, 1, 0, NO_NUMBERS, Pdu.NO_DATA));
        assertThat(client.closes()).isTrue();
    }

    @Test
    void targetPdusAreNotForTargets() {
        client.send(new TaskResponse(1, 0, new ResponseNumbers(0, 0, 0)));
        assertThat(client.sent(Reject.class).reason()).isEqualTo(Reject.PROTOCOL_ERROR);
        assertThat(client.closes()).isTrue();
    }

    @Test
    void abortingAWaitingTaskDropsIt() {
        client.read(1, SessionClient.BUFFER);
        client.read(2, 100);
        client.manage(TaskFunction.ABORT_TASK, 8, 2);
        assertThat(client.sent(TaskResponse.class).response()).isEqualTo(TaskResponse.COMPLETE);
        assertThat(client.state().commands()).isEqualTo(1);
    }

    @Test
    void abortingARunningTaskIsAnsweredWhenItHasEndedAndItsAnswerIsNotSent() {
        client.read(1, 100);
        client.manage(TaskFunction.ABORT_TASK, 8, 1);
        assertThat(client.sent()).isEmpty();
        client.read(1, 100);
        assertThat(client.executing()).as("the tag is free again").containsExactly(2L);
        client.executed(1, GOOD, 100);
        assertThat(client.sent(TaskResponse.class).taskTag()).isEqualTo(8);
    }

    @ParameterizedTest
    @EnumSource(
            names = {"ABORT_TASK_SET", "CLEAR_TASK_SET", "LOGICAL_UNIT_RESET", "TARGET_WARM_RESET", "TARGET_COLD_RESET"
            })
    void functionsOnManyTasksWaitForAllThatRun(TaskFunction function) {
        client.read(1, 100);
        client.read(2, 100);
        client.write(3, 700, 0, false);
        client.manage(function, 8, Pdu.RESERVED_TAG);
        client.executed(2, GOOD, 100);
        assertThat(client.sent()).isEmpty();
        client.executed(1, GOOD, 100);
        assertThat(client.sent(TaskResponse.class).response()).isEqualTo(TaskResponse.COMPLETE);
        assertThat(client.closes()).isEqualTo(function == TaskFunction.TARGET_COLD_RESET);
        client.delivered(1);
        client.delivered(2);
        assertThat(client.state().commands()).isZero();
        assertThat(client.resets()).hasSize(function == TaskFunction.ABORT_TASK_SET ? 0 : 1);
    }

    @Test
    void commandsAbortedByAnotherSessionEndWithTaskAbortedUnlessTheyRun() {
        client.read(1, 100);
        client.write(2, 700, 0, false);
        int transferTag = client.sent(ReadyToTransfer.class).transferTag();
        client.input(new SessionInput.AbortedElsewhere(1));
        client.input(new SessionInput.AbortedElsewhere(0));
        assertThat(client.sent()).as("data is still on its way").isEmpty();
        client.data(2, transferTag, 0, 0, 700, true);
        assertThat(client.sent(CommandResponse.class).status()).isEqualTo(ScsiStatus.TASK_ABORTED.code());
        assertThat(client.executing()).isEmpty();
        client.executed(1, GOOD, 100);
        assertThat(client.sent(DataIn.class).taskTag()).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "3, 5", "8, 4", "9, 5", "99, 5"})
    void functionsWithoutASubjectAreAnswered(int function, int response) {
        client.send(new TaskRequest(true, function, 0, 8, 77, NO_NUMBERS, 0, 0));
        assertThat(client.sent(TaskResponse.class).response()).isEqualTo(response);
    }

    @Test
    void aResetOfAUnitThatIsNotThereSaysSo() {
        client.send(new TaskRequest(true, 5, 2L << 48, 8, 77, NO_NUMBERS, 0, 0));
        assertThat(client.sent(TaskResponse.class).response()).isEqualTo(TaskResponse.NO_SUCH_LUN);
    }

    @Test
    void discoverySessionsAnswerSendTargetsInPartsAndTakeNoCommands() {
        SessionClient discovery = new SessionClient(SessionClient.parameters(true, true), null);
        discovery.send(text(discovery, "MaxRecvDataSegmentLength=512\0SendTargets=All\0", Pdu.RESERVED_TAG));
        TextResponse whole = discovery.sent(TextResponse.class);
        assertThat(whole.last()).isTrue();
        assertThat(keys(whole.data()))
                .isEqualTo(TextKeys.EMPTY
                        .with("TargetName", SessionClient.TARGET)
                        .with("TargetAddress", "10.0.0.1:3260,1")
                        .with("TargetName", "iqn.2026-11.io.sluice:two")
                        .with("TargetAddress", "10.0.0.1:3260,1"));
        discovery.read(1, 100);
        assertThat(discovery.sent(Reject.class).reason()).isEqualTo(Reject.PROTOCOL_ERROR);
    }

    @Test
    void aDiscoverySessionRejectsAllButTextAndLogout() {
        SessionClient discovery = new SessionClient(SessionClient.parameters(true, true), null);
        List<Pdu> others = List.of(
                new NopOut(true, 0, 7, Pdu.RESERVED_TAG, NO_NUMBERS, Pdu.NO_DATA),
                new TaskRequest(true, 6, 0, 8, Pdu.RESERVED_TAG, NO_NUMBERS, 0, 0),
                new SnackRequest(0, 0, 1, 2, 3, 4, 5));
        for (Pdu other : others) {
            discovery.send(other);
            assertThat(discovery.sent(Reject.class).reason()).isEqualTo(Reject.PROTOCOL_ERROR);
        }
        discovery.send(new LogoutRequest(true, 0, 7, 0, NO_NUMBERS));
        assertThat(discovery.sent(LogoutResponse.class).response()).isEqualTo(LogoutResponse.CLOSED);
        assertThat(discovery.closes()).isTrue();
    }

    @Test
    void anEndlessTextEndsTheSession() {
        ByteBuffer piece = ByteBuffer.allocate(8192);
        for (int i = 0; i < 2; i++) {
            client.send(new TextRequest(true, false, true, 0, 6, Pdu.RESERVED_TAG, NO_NUMBERS, piece));
            assertThat(client.closes()).isFalse();
        }
        client.send(new TextRequest(true, false, true, 0, 6, Pdu.RESERVED_TAG, NO_NUMBERS, piece));
        assertThat(client.closes()).isTrue();
    }

    @Test
    void aSilentDiscoverySessionIsClosedWithoutAPing() {
        SessionClient discovery = new SessionClient(SessionClient.parameters(true, true), null);
        discovery.input(new SessionInput.Tick());
        discovery.input(new SessionInput.Tick());
        assertThat(discovery.sent()).isEmpty();
        discovery.input(new SessionInput.Tick());
        assertThat(discovery.closes()).isTrue();
    }

    @Test
    void dataForAnAbortedTaskIsNotTakenForTheNextOneWithItsTag() {
        client.write(1, 700, 0, false);
        int abandoned = client.sent(ReadyToTransfer.class).transferTag();
        client.manage(TaskFunction.ABORT_TASK, 8, 1);
        client.write(1, 600, 0, false);
        int current = client.sent(ReadyToTransfer.class).transferTag();
        client.data(1, abandoned, 0, 0, 700, true);
        assertThat(client.sent()).isEmpty();
        assertThat(client.closes()).isFalse();
        client.data(1, current, 0, 0, 600, true);
        assertThat(client.executing()).hasSize(1);
    }

    @Test
    void aLongAnswerIsFetchedPartByPart() {
        SessionClient discovery = new SessionClient(SessionClient.parameters(true, true), null);
        String many = "iqn.2026-11.io.sluice:two";
        discovery.send(text(discovery, ("SendTargets=" + many + "\0").repeat(9), Pdu.RESERVED_TAG));
        TextResponse first = discovery.sent(TextResponse.class);
        assertThat(first.last()).isFalse();
        assertThat(first.continues()).isTrue();
        assertThat(first.data().remaining()).isEqualTo(512);
        discovery.send(text(discovery, "", first.transferTag()));
        TextResponse rest = discovery.sent(TextResponse.class);
        assertThat(rest.last()).isTrue();
        ByteBuffer all = ByteBuffer.allocate(512 + rest.data().remaining())
                .put(first.data().duplicate())
                .put(rest.data().duplicate())
                .flip();
        assertThat(keys(all).pairs()).hasSize(18);
    }

    @Test
    void aNormalSessionSeesItsOwnTargetAlone() {
        client.send(text(client, "SendTargets=\0", Pdu.RESERVED_TAG));
        assertThat(keys(client.sent(TextResponse.class).data()).pairs()).hasSize(2);
        client.send(text(client, "SendTargets=All\0", Pdu.RESERVED_TAG));
        assertThat(keys(client.sent(TextResponse.class).data()).isEmpty()).isTrue();
        client.send(text(client, "MaxBurstLength=1024\0", Pdu.RESERVED_TAG));
        assertThat(keys(client.sent(TextResponse.class).data()).get("MaxBurstLength"))
                .isEqualTo("Reject");
    }

    private static TextRequest text(SessionClient client, String text, int transferTag) {
        ByteBuffer data = ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
        return new TextRequest(false, true, false, 0, 6, transferTag, client.next(), data);
    }

    private static TextKeys keys(ByteBuffer data) {
        return switch (TextKeys.parse(data)) {
            case TextKeys.Parsed.Text text -> text.keys();
            case TextKeys.Parsed.Malformed malformed -> throw new AssertionError(malformed.detail());
        };
    }
}
