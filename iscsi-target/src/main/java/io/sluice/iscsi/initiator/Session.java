package io.sluice.iscsi.initiator;

import io.sluice.iscsi.login.SessionParameters;
import io.sluice.iscsi.pdu.AsyncMessage;
import io.sluice.iscsi.pdu.CommandRequest;
import io.sluice.iscsi.pdu.CommandResponse;
import io.sluice.iscsi.pdu.DataIn;
import io.sluice.iscsi.pdu.DataOut;
import io.sluice.iscsi.pdu.LoginResponse;
import io.sluice.iscsi.pdu.LogoutRequest;
import io.sluice.iscsi.pdu.LogoutResponse;
import io.sluice.iscsi.pdu.NopIn;
import io.sluice.iscsi.pdu.NopOut;
import io.sluice.iscsi.pdu.Pdu;
import io.sluice.iscsi.pdu.ReadyToTransfer;
import io.sluice.iscsi.pdu.Reject;
import io.sluice.iscsi.pdu.RequestNumbers;
import io.sluice.iscsi.pdu.TargetPdu;
import io.sluice.iscsi.pdu.TaskResponse;
import io.sluice.iscsi.pdu.TextResponse;
import io.sluice.iscsi.scsi.Lun;
import io.sluice.iscsi.scsi.Sense;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One session in full feature phase (RFC 7143 §4.2): one thread sends, one receives. It ends at the first thing that is wrong (error
 * recovery level 0); every task without an answer is then lost, never repeated here.
 */
final class Session implements AutoCloseable {
    static final int FIRST_CMD_SN = 1;

    /** A peer silent for this long is pinged, and given up when it stays silent for as long again. */
    static final Duration SILENCE = Duration.ofSeconds(5);

    /** How long a polite goodbye may take. */
    private static final Duration LOGOUT_LIMIT = Duration.ofSeconds(1);

    private static final int COMPLETED_AT_TARGET = 0;

    private final Wire wire;
    private final SessionParameters parameters;
    private final long lun;
    private final Outbox outbox;
    private final Thread sender;
    private final Thread receiver;
    private final CompletableFuture<String> ended = new CompletableFuture<>();

    private Session(Wire wire, LoginExchange.Step.LoggedIn login, int lun, String name) {
        this.wire = wire;
        this.parameters = login.parameters();
        this.lun = Lun.encode(lun);
        this.outbox = new Outbox(FIRST_CMD_SN, login.maxCmdSn(), login.nextStatSn());
        this.sender = Thread.ofPlatform().daemon().name("iscsi-send " + name).unstarted(this::send);
        this.receiver =
                Thread.ofPlatform().daemon().name("iscsi-receive " + name).unstarted(this::receive);
    }

    /** Takes over a connection that has just logged in. */
    static Session start(Wire wire, LoginExchange.Step.LoggedIn login, DiskAddress address, Duration silence)
            throws IOException {
        wire.silenceLimit(silence);
        Session session = new Session(wire, login, address.lun(), address.target());
        session.sender.start();
        session.receiver.start();
        return session;
    }

    /** Sends a command; its outcome is the task's. After the end of the session the task is lost at once. */
    Task.Outcome run(Task task) {
        outbox.submit(task);
        return task.await();
    }

    /** Completes with the reason when the session is over. */
    CompletableFuture<String> ended() {
        return ended;
    }

    @Override
    public void close() {
        outbox.logout();
        // A target that does not answer the logout will notice that the connection is gone.
        ended.copy()
                .completeOnTimeout("no answer", LOGOUT_LIMIT.toMillis(), TimeUnit.MILLISECONDS)
                .join();
        end("closed");
    }

    /** Whether nothing can be sent any more; its tasks may still be on their way to being lost. */
    boolean over() {
        return outbox.closed();
    }

    private void end(String reason) {
        outbox.close(reason);
        wire.close();
    }

    private void send() {
        try {
            while (true) {
                switch (outbox.poll()) {
                    case Outbox.Item.Command command -> sendCommand(command);
                    case Outbox.Item.Burst burst -> sendData(burst);
                    case Outbox.Item.Ping ping ->
                        wire.send(new NopOut(
                                true,
                                ping.lun(),
                                ping.tag(),
                                ping.transferTag(),
                                new RequestNumbers(ping.cmdSn(), ping.expStatSn()),
                                Pdu.NO_DATA));
                    case Outbox.Item.Logout logout ->
                        wire.send(new LogoutRequest(
                                true,
                                LogoutRequest.CLOSE_SESSION,
                                logout.tag(),
                                0,
                                new RequestNumbers(logout.cmdSn(), logout.expStatSn())));
                    case Outbox.Item.Idle idle -> {
                        wire.flush();
                        outbox.awaitWork();
                    }
                    case Outbox.Item.Closed closed -> {
                        return;
                    }
                }
            }
        } catch (IOException e) {
            end("sending failed: " + e.getMessage());
        }
    }

    /** The command, with as much data as may come unasked (RFC 7143 §4.2.5.2, §13.10, §13.11, §13.14). */
    private void sendCommand(Outbox.Item.Command command) throws IOException {
        Task task = command.task();
        int total = Math.toIntExact(task.expectedBytes());
        int unasked = task.writes() ? Math.min(total, parameters.firstBurstBytes()) : 0;
        int immediate = parameters.immediateData() ? Math.min(unasked, parameters.targetSegmentBytes()) : 0;
        int following = parameters.initialR2t() ? 0 : unasked - immediate;
        wire.send(new CommandRequest(
                task.flags(following == 0),
                lun,
                command.tag(),
                total,
                new RequestNumbers(command.cmdSn(), command.expStatSn()),
                ByteBuffer.wrap(task.cdb()),
                task.piece(0, immediate)));
        if (following > 0) {
            sendData(new Outbox.Item.Burst(
                    task, command.tag(), Pdu.RESERVED_TAG, immediate, following, command.expStatSn()));
        }
    }

    private void sendData(Outbox.Item.Burst burst) throws IOException {
        int dataSn = 0;
        for (int sent = 0; sent < burst.bytes(); ) {
            int bytes = Math.min(burst.bytes() - sent, parameters.targetSegmentBytes());
            wire.send(new DataOut(
                    sent + bytes == burst.bytes(),
                    lun,
                    burst.tag(),
                    burst.transferTag(),
                    burst.expStatSn(),
                    dataSn++,
                    burst.offset() + sent,
                    burst.task().piece(burst.offset() + sent, bytes)));
            sent += bytes;
        }
    }

    private void receive() {
        String reason = "the session ended";
        boolean pinged = false;
        try {
            while (true) {
                Pdu pdu;
                try {
                    pdu = wire.receive();
                } catch (SocketTimeoutException silent) {
                    if (pinged) {
                        reason = "the target is silent and does not answer pings";
                        return;
                    }
                    pinged = true;
                    outbox.ping();
                    continue;
                }
                pinged = false;
                String wrong = take(pdu);
                if (wrong != null) {
                    reason = wrong;
                    return;
                }
            }
        } catch (IOException e) {
            reason = "receiving failed: " + e.getMessage();
        } finally {
            end(reason);
            ended.complete(outbox.loseTasks());
        }
    }

    /** Answers with why the session must end, or null. */
    private @Nullable String take(Pdu received) {
        if (!(received instanceof TargetPdu pdu)) {
            return "the target sent a PDU that no target sends: "
                    + received.getClass().getSimpleName();
        }
        outbox.numbers(pdu.numbers().statSn(), carriesStatus(pdu), pdu.numbers().maxCmdSn());
        return switch (pdu) {
            case DataIn dataIn -> dataIn(dataIn);
            case CommandResponse response -> response(response);
            case ReadyToTransfer r2t -> readyToTransfer(r2t);
            case NopIn nop -> {
                if (nop.transferTag() != Pdu.RESERVED_TAG) {
                    outbox.answerPing(nop.transferTag(), nop.lun());
                }
                yield null;
            }
            case LogoutResponse response -> "logged out";
            case AsyncMessage message ->
                message.event() == AsyncMessage.SCSI_EVENT
                        ? null
                        : "the target ends the session (asynchronous event " + message.event() + ")";
            case Reject reject -> "the target rejected a PDU (reason " + reject.reason() + ")";
            case TaskResponse response -> "an answer to a task management function that was never sent";
            case TextResponse response -> "a text that nobody asked for";
            case LoginResponse response -> "a login response after the login";
        };
    }

    private static boolean carriesStatus(TargetPdu pdu) {
        return switch (pdu) {
            case DataIn dataIn -> dataIn.ending() != null;
            case ReadyToTransfer r2t -> false;
            case NopIn nop -> nop.taskTag() != Pdu.RESERVED_TAG;
            case CommandResponse response -> true;
            case LogoutResponse response -> true;
            case AsyncMessage message -> true;
            case Reject reject -> true;
            case TaskResponse response -> true;
            case TextResponse response -> true;
            case LoginResponse response -> true;
        };
    }

    private @Nullable String dataIn(DataIn pdu) {
        Task task = outbox.running(pdu.taskTag());
        if (task == null) {
            return "data for an unknown task";
        }
        String wrong = task.receive(pdu);
        DataIn.Ending ending = pdu.ending();
        if (wrong == null && ending != null) {
            outbox.ended(pdu.taskTag());
            task.answered(ending.status(), null);
        }
        return wrong;
    }

    private @Nullable String response(CommandResponse pdu) {
        if (pdu.response() != COMPLETED_AT_TARGET) {
            return "the target failed (iSCSI response %02xh)".formatted(pdu.response());
        }
        Task task = outbox.ended(pdu.taskTag());
        if (task == null) {
            return "a response to an unknown task";
        }
        task.answered(pdu.status(), sense(pdu.data()));
        return null;
    }

    /** Two bytes of length, then the sense data (RFC 7143 §11.4.7). */
    private static @Nullable Sense sense(ByteBuffer data) {
        if (data.remaining() < 2) {
            return null;
        }
        int length = Math.min(data.getShort(data.position()) & 0xFFFF, data.remaining() - 2);
        return Sense.decode(data.slice(data.position() + 2, length));
    }

    private @Nullable String readyToTransfer(ReadyToTransfer pdu) {
        Task task = outbox.running(pdu.taskTag());
        if (task == null) {
            return "a request for data of an unknown task";
        }
        boolean inside = task.writes()
                && pdu.desiredLength() > 0
                && pdu.bufferOffset() <= task.expectedBytes()
                && pdu.desiredLength() <= task.expectedBytes() - pdu.bufferOffset();
        if (!inside) {
            return "a request for data that there is not";
        }
        outbox.burst(task, pdu.taskTag(), pdu.transferTag(), pdu.bufferOffset(), (int) pdu.desiredLength());
        return null;
    }
}
