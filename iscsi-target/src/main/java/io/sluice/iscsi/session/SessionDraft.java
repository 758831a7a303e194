package io.sluice.iscsi.session;

import io.sluice.iscsi.login.SessionParameters;
import io.sluice.iscsi.pdu.Pdu;
import io.sluice.iscsi.pdu.PduEncoder;
import io.sluice.iscsi.pdu.Reject;
import io.sluice.iscsi.pdu.ResponseNumbers;
import io.sluice.iscsi.pdu.SerialNumbers;
import io.sluice.iscsi.pdu.TargetPdu;
import io.sluice.iscsi.pdu.TaskFunction;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One step of a session under construction: a copy of the state to work on, and the things to do so far. */
final class SessionDraft {

    private final int commandWindow;
    private final List<AwaitedFunction> functions;
    private final List<SessionOutput> outputs = new ArrayList<>();
    private Tasks tasks;
    private SessionParameters parameters;
    private SessionState.Liveness liveness;
    private SessionState.TextProgress text;
    private int statSn;
    private int expCmdSn;
    private int transferTag;
    private long taskId;
    private boolean closed;

    SessionDraft(SessionState state, int commandWindow) {
        this.commandWindow = commandWindow;
        tasks = state.tasks();
        functions = new ArrayList<>(state.functions());
        parameters = state.parameters();
        liveness = state.liveness();
        text = state.text();
        statSn = state.numbers().statSn();
        expCmdSn = state.numbers().expCmdSn();
        transferTag = state.numbers().transferTag();
        taskId = state.numbers().taskId();
        closed = state.closed();
    }

    SessionStep finish() {
        SessionState state = new SessionState(
                parameters,
                new SessionState.Numbers(statSn, expCmdSn, transferTag, taskId),
                tasks,
                functions,
                liveness,
                text,
                closed);
        return new SessionStep(state, outputs);
    }

    SessionParameters parameters() {
        return parameters;
    }

    void parameters(SessionParameters changed) {
        parameters = changed;
    }

    SessionState.Liveness liveness() {
        return liveness;
    }

    void liveness(SessionState.Liveness changed) {
        liveness = changed;
    }

    SessionState.TextProgress text() {
        return text;
    }

    void text(SessionState.TextProgress changed) {
        text = changed;
    }

    /** As they are now: what is put or removed later does not show in it. */
    Tasks tasks() {
        return tasks;
    }

    @Nullable
    Task task(TaskId id) {
        return tasks.find(id);
    }

    /** The task that has an Initiator Task Tag now. */
    @Nullable
    Task live(int tag) {
        return tasks.live(tag);
    }

    void put(Task task) {
        tasks = tasks.with(task);
    }

    void remove(TaskId id) {
        tasks = tasks.without(id);
    }

    TaskId nextTaskId() {
        return new TaskId(taskId++);
    }

    /** A Target Transfer Tag; never the reserved one. */
    int nextTransferTag() {
        transferTag = transferTag == Pdu.RESERVED_TAG - 1 ? 1 : transferTag + 1;
        return transferTag;
    }

    List<AwaitedFunction> functions() {
        return functions;
    }

    boolean closed() {
        return closed;
    }

    /**
     * Whether a command's CmdSN is the one expected, which is then passed (RFC 7143 §4.2.2.1). One outside the window is to be
     * ignored; one that leaves a gap can not become right any more on a session's only connection.
     */
    boolean takesInOrder(int cmdSn, boolean immediate) {
        if (immediate) {
            return true;
        }
        if (cmdSn == expCmdSn && SerialNumbers.within(cmdSn, expCmdSn, maxCmdSn())) {
            expCmdSn++;
            return true;
        }
        if (SerialNumbers.within(cmdSn, expCmdSn, maxCmdSn())) {
            close("CmdSN " + cmdSn + " where " + expCmdSn + " was expected");
        }
        return false;
    }

    int expCmdSn() {
        return expCmdSn;
    }

    /** Room is what the window has beyond the ordered commands under way; so it never moves back. */
    private int maxCmdSn() {
        return expCmdSn + commandWindow - tasks.ordered() - 1;
    }

    /** The numbers of a response that carries a status, which has a StatSN of its own. */
    ResponseNumbers status() {
        return new ResponseNumbers(statSn++, expCmdSn, maxCmdSn());
    }

    /** The numbers of a PDU that only tells the next StatSN. */
    ResponseNumbers noStatus() {
        return new ResponseNumbers(statSn, expCmdSn, maxCmdSn());
    }

    void send(TargetPdu pdu) {
        outputs.add(new SessionOutput.Send(pdu));
    }

    void reject(int reason, Pdu pdu) {
        send(new Reject(reason, status(), 0, PduEncoder.basicHeader(pdu)));
    }

    void execute(TaskId id, SessionOutput.Command command) {
        outputs.add(new SessionOutput.Execute(id, command));
    }

    void reset(int taskTag, TaskFunction function, int lun) {
        outputs.add(new SessionOutput.Reset(taskTag, function, lun));
    }

    void finished(TaskId id) {
        outputs.add(new SessionOutput.Finished(id));
    }

    void close(String reason) {
        if (!closed) {
            closed = true;
            outputs.add(new SessionOutput.Close(reason));
        }
    }
}
