package io.sluice.iscsi.session;

import io.sluice.iscsi.login.SessionParameters;
import io.sluice.iscsi.pdu.InitiatorPdu;
import io.sluice.iscsi.pdu.Pdu;
import io.sluice.iscsi.pdu.PduEncoder;
import io.sluice.iscsi.pdu.Reject;
import io.sluice.iscsi.pdu.ResponseNumbers;
import io.sluice.iscsi.pdu.SerialNumbers;
import io.sluice.iscsi.pdu.TargetPdu;
import io.sluice.iscsi.pdu.TaskFunction;
import io.sluice.iscsi.session.SessionState.Early;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One step of a session under construction: a copy of the state to work on, and the things to do so far. */
final class SessionDraft {

    /** Far more transfers than a window of commands has under way. */
    private static final int RECENT_TAGS = 1 << 16;

    private final int commandWindow;
    private final List<AwaitedFunction> functions;
    private final Map<Integer, Early> early;
    private final List<SessionOutput> outputs = new ArrayList<>();
    private Tasks tasks;
    private SessionParameters parameters;
    private SessionState.Memory memory;
    private SessionState.Liveness liveness;
    private SessionState.TextProgress text;
    private int statSn;
    private int expCmdSn;
    private int transferTag;
    private long taskId;
    private boolean closed;
    private boolean numbered;

    SessionDraft(SessionState state, int commandWindow) {
        this.commandWindow = commandWindow;
        tasks = state.tasks();
        functions = new ArrayList<>(state.functions());
        early = new HashMap<>(state.early());
        parameters = state.parameters();
        memory = state.memory();
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
                early,
                memory,
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

    SessionState.Memory memory() {
        return memory;
    }

    void memory(SessionState.Memory changed) {
        memory = changed;
    }

    void want(long bytes) {
        if (!memory.wanting()) {
            memory = new SessionState.Memory(memory.granted(), true);
            outputs.add(new SessionOutput.Want(bytes));
        }
    }

    /** Gives back what is granted beyond what is kept. */
    void giveBack(long kept) {
        long surplus = memory.granted() - kept;
        if (surplus > 0) {
            memory = new SessionState.Memory(kept, memory.wanting());
            outputs.add(new SessionOutput.GiveBack(surplus));
        }
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

    /** Whether a Target Transfer Tag was given out, lately enough that its answer may still come. */
    boolean usedTransferTag(int tag) {
        return tag != Pdu.RESERVED_TAG && SerialNumbers.within(tag, transferTag - RECENT_TAGS, transferTag);
    }

    List<AwaitedFunction> functions() {
        return functions;
    }

    boolean closed() {
        return closed;
    }

    /** Where a numbered request stands in the order of commands (RFC 7143 §4.2.2.1). */
    enum Place {
        /** It is the one expected, which is then passed. */
        NEXT,
        /** Others come before it: it is kept until they have. */
        EARLY,
        /** A duplicate, or outside of the window: to be ignored. */
        NOWHERE
    }

    Place place(int cmdSn) {
        if (!SerialNumbers.within(cmdSn, expCmdSn, maxCmdSn()) || early.containsKey(cmdSn)) {
            return Place.NOWHERE;
        }
        if (cmdSn != expCmdSn) {
            return Place.EARLY;
        }
        expCmdSn++;
        return Place.NEXT;
    }

    /** Keeps a request that others come before. There are never more of them than the window has places. */
    void keep(int cmdSn, InitiatorPdu request) {
        early.put(cmdSn, new Early(request));
    }

    /** The request kept that is next now, which is then passed; a number that counts as received without one is passed too. */
    @Nullable
    InitiatorPdu nextKept() {
        for (Early kept = early.remove(expCmdSn); kept != null; kept = early.remove(expCmdSn)) {
            expCmdSn++;
            if (kept.request() != null) {
                return kept.request();
            }
        }
        return null;
    }

    /**
     * A command that did not come, or is kept, counts as received and does nothing (RFC 7143 §11.6.1).
     *
     * @param limit the number must come before this
     */
    boolean plug(int cmdSn, int limit) {
        if (!SerialNumbers.within(cmdSn, expCmdSn, maxCmdSn()) || !SerialNumbers.before(cmdSn, limit)) {
            return false;
        }
        early.put(cmdSn, Early.PLUG);
        return true;
    }

    /** All numbers before this count as received (RFC 7143 §4.2.3.3). */
    void plugUpTo(int limit) {
        int number = expCmdSn;
        while (plug(number, limit)) {
            number++;
        }
    }

    /** What is being worked off has a number of its own, which a reject gives back. */
    void numbered(boolean has) {
        numbered = has;
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

    /** RFC 7143 §7.3: a command that is rejected was not received, its number is still to come. */
    void reject(int reason, Pdu pdu) {
        if (numbered) {
            expCmdSn--;
            numbered = false;
        }
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

    /** Closed without anything to be done about it. */
    void lost() {
        closed = true;
    }

    void corrupted(ByteBuffer header) {
        send(new Reject(Reject.DATA_DIGEST_ERROR, status(), 0, header));
    }

    void close(String reason) {
        if (!closed) {
            closed = true;
            outputs.add(new SessionOutput.Close(reason));
        }
    }
}
