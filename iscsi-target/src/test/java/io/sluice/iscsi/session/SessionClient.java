package io.sluice.iscsi.session;

import io.sluice.iscsi.login.LoginResult;
import io.sluice.iscsi.login.Peer;
import io.sluice.iscsi.login.SessionParameters;
import io.sluice.iscsi.pdu.CommandFlags;
import io.sluice.iscsi.pdu.CommandRequest;
import io.sluice.iscsi.pdu.DataOut;
import io.sluice.iscsi.pdu.Digests;
import io.sluice.iscsi.pdu.Isid;
import io.sluice.iscsi.pdu.Pdu;
import io.sluice.iscsi.pdu.RequestNumbers;
import io.sluice.iscsi.pdu.TargetPdu;
import io.sluice.iscsi.pdu.TaskFunction;
import io.sluice.iscsi.pdu.TaskRequest;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Talks to a session machine as an initiator and a disk would, and remembers the state. */
final class SessionClient {

    static final int FIRST_CMD_SN = 0xfffffffe;
    static final int WINDOW = 4;
    static final long BUFFER = 4096;
    static final long MAX_TRANSFER = 8192;
    static final String TARGET = "iqn.2026-11.io.sluice:one";

    private final SessionMachine machine;
    private SessionState state;
    private List<SessionOutput> outputs = List.of();
    private int cmdSn = FIRST_CMD_SN;

    SessionClient() {
        this(parameters(false, true), TARGET);
    }

    SessionClient(SessionParameters parameters, @Nullable String target) {
        Peer peer = new Peer("iqn.x:host", target, new Isid(1), 3, 0);
        machine = new SessionMachine(
                peer,
                2,
                new SessionLimits(WINDOW, BUFFER, MAX_TRANSFER),
                initiator -> List.of(
                        new DiscoveredTarget(TARGET, "10.0.0.1:3260,1"),
                        new DiscoveredTarget("iqn.2026-11.io.sluice:two", "10.0.0.1:3260,1")));
        state = SessionState.begun(new LoginResult(peer, null, 1, parameters, 50, FIRST_CMD_SN));
    }

    /** Segments of 512, bursts of 1024, 1024 unasked. */
    static SessionParameters parameters(boolean initialR2t, boolean immediateData) {
        return new SessionParameters(Digests.NONE, 512, 8192, 1024, 1024, 1, initialR2t, immediateData);
    }

    SessionState state() {
        return state;
    }

    private boolean memory = true;
    private final List<SessionOutput.Reset> resets = new ArrayList<>();

    List<SessionOutput> input(SessionInput input) {
        SessionStep step = machine.step(state, input);
        state = step.state();
        outputs = step.outputs();
        for (SessionOutput output : step.outputs()) {
            if (output instanceof SessionOutput.Want want && memory) {
                List<SessionOutput> all = new ArrayList<>(outputs);
                all.addAll(input(new SessionInput.Granted(want.bytes())));
                outputs = all;
            }
            if (output instanceof SessionOutput.Reset reset) {
                resets.add(reset);
                input(new SessionInput.ResetDone(reset.taskTag(), reset.function()));
            }
        }
        return outputs;
    }

    /** From now on memory is there only when {@link #granted} says so. */
    void holdMemory() {
        memory = false;
    }

    List<SessionOutput> granted(long bytes) {
        return input(new SessionInput.Granted(bytes));
    }

    /** The resets of units that were asked for; all were done at once. */
    List<SessionOutput.Reset> resets() {
        return resets;
    }

    List<SessionOutput> send(Pdu pdu) {
        return input(new SessionInput.Received(pdu));
    }

    RequestNumbers next() {
        return new RequestNumbers(cmdSn++, 0);
    }

    List<SessionOutput> read(int tag, long bytes) {
        return send(command(tag, CommandFlags.READ, bytes, Pdu.NO_DATA));
    }

    List<SessionOutput> write(int tag, long bytes, int immediate, boolean more) {
        return send(command(tag, new CommandFlags(false, !more, false, true, 1), bytes, pattern(0, immediate)));
    }

    CommandRequest command(int tag, CommandFlags flags, long bytes, ByteBuffer data) {
        return new CommandRequest(flags, 0, tag, bytes, next(), ByteBuffer.allocate(16), data);
    }

    List<SessionOutput> data(int tag, int transferTag, int dataSn, int offset, int length, boolean last) {
        return send(new DataOut(last, 0, tag, transferTag, 0, dataSn, offset, pattern(offset, length)));
    }

    List<SessionOutput> manage(TaskFunction function, int tag, int referenced) {
        return send(new TaskRequest(true, function.code(), 0, tag, referenced, new RequestNumbers(0, 0), 0, 0));
    }

    List<SessionOutput> executed(long task, int status, int bytes) {
        return input(new SessionInput.Executed(
                new TaskId(task), new SessionInput.Outcome(status, Pdu.NO_DATA, pattern(0, bytes), bytes)));
    }

    List<SessionOutput> delivered(long task) {
        return input(new SessionInput.Delivered(new TaskId(task)));
    }

    /** The PDUs of the last step. */
    List<TargetPdu> sent() {
        List<TargetPdu> sent = new ArrayList<>();
        for (SessionOutput output : outputs) {
            if (output instanceof SessionOutput.Send send) {
                sent.add(send.pdu());
            }
        }
        return sent;
    }

    <T extends TargetPdu> T sent(Class<T> type) {
        List<TargetPdu> sent = sent();
        if (sent.size() != 1) {
            throw new AssertionError("expected one " + type.getSimpleName() + ", but sent: " + sent);
        }
        return type.cast(sent.getFirst());
    }

    /** The tasks the last step had executed. */
    List<Long> executing() {
        List<Long> tasks = new ArrayList<>();
        for (SessionOutput output : outputs) {
            if (output instanceof SessionOutput.Execute execute) {
                tasks.add(execute.task().value());
            }
        }
        return tasks;
    }

    /** The commands the last step had executed. */
    List<SessionOutput.Command> executed() {
        List<SessionOutput.Command> commands = new ArrayList<>();
        for (SessionOutput output : outputs) {
            if (output instanceof SessionOutput.Execute execute) {
                commands.add(execute.command());
            }
        }
        return commands;
    }

    ByteBuffer dataOut() {
        for (SessionOutput output : outputs) {
            if (output instanceof SessionOutput.Execute execute) {
                return execute.command().dataOut();
            }
        }
        throw new AssertionError("nothing was executed: " + outputs);
    }

    boolean closes() {
        return outputs.stream().anyMatch(output -> output instanceof SessionOutput.Close);
    }

    /** Bytes that tell their offset. */
    static ByteBuffer pattern(int offset, int length) {
        ByteBuffer bytes = ByteBuffer.allocate(length);
        for (int i = 0; i < length; i++) {
            bytes.put(i, (byte) (((offset + i) * 31) >> 3));
        }
        return bytes;
    }
}
