package io.sluice.iscsi.session;

import io.sluice.iscsi.pdu.CommandFlags;
import io.sluice.iscsi.pdu.CommandRequest;
import io.sluice.iscsi.pdu.DataOut;
import io.sluice.iscsi.pdu.Pdu;
import io.sluice.iscsi.pdu.ReadyToTransfer;
import io.sluice.iscsi.pdu.Reject;
import io.sluice.iscsi.scsi.Lun;
import io.sluice.iscsi.scsi.ScsiStatus;
import io.sluice.iscsi.scsi.Sense;
import io.sluice.iscsi.session.Task.Stage;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** SCSI commands from arrival to answer: gathering a write's data, admission to the session's buffer, execution. */
final class Commands {

    /** Memory is asked for in steps of this: a few dozen small commands need no second one. */
    private static final long GRANT_STEP = 256 << 10;

    private static final long KEPT_IDLE = 64 << 10;

    /** ABORTED COMMAND, PROTOCOL SERVICE CRC ERROR (RFC 7143 §11.4.7.2). */
    private static final Sense DATA_LOST = new Sense(0xB, 0x4705, null, null);

    private final SessionLimits limits;

    Commands(SessionLimits limits) {
        this.limits = limits;
    }

    void arrived(SessionDraft draft, CommandRequest request) {
        CommandFlags flags = request.flags();
        if (draft.live(request.taskTag()) != null) {
            draft.reject(Reject.TASK_IN_PROGRESS, request);
            return;
        }
        if (flags.immediate() && draft.tasks().size() >= 2 * limits.commandWindow()) {
            draft.reject(Reject.TOO_MANY_IMMEDIATE_COMMANDS, request);
            return;
        }
        if (flags.read() && flags.write()) {
            draft.reject(Reject.COMMAND_NOT_SUPPORTED, request);
            return;
        }
        String unlawful = unlawfulUnsolicitedData(draft, request);
        if (unlawful != null) {
            draft.reject(Reject.PROTOCOL_ERROR, request);
            draft.close(unlawful);
            return;
        }
        Task task = new Task(draft.nextTaskId(), withoutData(request), new Stage.Waiting(request.data()));
        if (task.expectedOut() > limits.maxTransferBytes()) {
            refuseTooLong(draft, task);
        } else if (task.writes() && !flags.last()) {
            int room = (int) Math.min(draft.parameters().firstBurstBytes(), task.expectedOut());
            draft.put(task.in(new Stage.Unsolicited(gathered(request.data(), room), 0)));
        } else {
            draft.put(task.writes() ? task.in(new Stage.Waiting(atEnd(request.data()))) : task);
        }
    }

    /** RFC 7143 §13.10, §13.11, §13.14: what a command may bring along unasked. */
    private static @Nullable String unlawfulUnsolicitedData(SessionDraft draft, CommandRequest request) {
        int immediate = request.data().remaining();
        if (immediate > 0 && (!request.flags().write() || !draft.parameters().immediateData())) {
            return "immediate data where none was agreed on";
        }
        if (immediate > Math.min(draft.parameters().firstBurstBytes(), request.expectedLength())) {
            return "more immediate data than FirstBurstLength or the command allow";
        }
        if (request.flags().write()
                && !request.flags().last()
                && draft.parameters().initialR2t()) {
            return "unsolicited data where InitialR2T was agreed on";
        }
        return null;
    }

    void dataArrived(SessionDraft draft, DataOut data) {
        Task task = draft.live(data.taskTag());
        if (task == null || stale(draft, task, data)) {
            return; // of a task that was aborted or refused meanwhile (RFC 7143 §4.2.3.3)
        }
        String wrong = switch (task.stage()) {
            case Stage.Unsolicited unsolicited -> unsolicitedData(draft, task, unsolicited, data);
            case Stage.Soliciting soliciting -> solicitedData(draft, task, soliciting, data);
            case Stage.Discarding discarding -> discardedData(draft, task, discarding, data);
            case Stage.Waiting ignored -> "Data-Out nobody asked for";
            case Stage.Executing ignored -> "Data-Out nobody asked for";
            case Stage.Aborted ignored -> null;
            case Stage.Delivering ignored -> null;
        };
        if (wrong != null) {
            draft.reject(Reject.PROTOCOL_ERROR, data);
            draft.close(wrong);
        }
    }

    /** Answers an R2T of an earlier task that had the same Initiator Task Tag: transfer tags are not used again. */
    private static boolean stale(SessionDraft draft, Task task, DataOut data) {
        boolean current = switch (task.stage()) {
            case Stage.Soliciting asked -> asked.transferTag() == data.transferTag();
            case Stage.Discarding asked -> asked.transferTag() == data.transferTag();
            case Stage.Unsolicited ignored -> false;
            case Stage.Waiting ignored -> false;
            case Stage.Executing ignored -> false;
            case Stage.Aborted ignored -> false;
            case Stage.Delivering ignored -> false;
        };
        return !current && draft.usedTransferTag(data.transferTag());
    }

    private static @Nullable String unsolicitedData(
            SessionDraft draft, Task task, Stage.Unsolicited stage, DataOut data) {
        ByteBuffer gathered = stage.data();
        if (data.transferTag() == Pdu.RESERVED_TAG && data.dataSn() != stage.nextDataSn()) {
            return discardedData(draft, task, new Stage.Discarding(Pdu.RESERVED_TAG, 0), data);
        }
        if (data.transferTag() != Pdu.RESERVED_TAG
                || data.bufferOffset() != gathered.position()
                || data.data().remaining() > gathered.remaining()) {
            return "unsolicited Data-Out out of order or beyond FirstBurstLength";
        }
        gathered.put(data.data().duplicate());
        draft.put(task.in(
                data.last() ? new Stage.Waiting(gathered) : new Stage.Unsolicited(gathered, stage.nextDataSn() + 1)));
        return null;
    }

    private @Nullable String solicitedData(SessionDraft draft, Task task, Stage.Soliciting stage, DataOut data) {
        ByteBuffer gathered = stage.data();
        int after = gathered.position() + data.data().remaining();
        if (data.transferTag() == stage.transferTag() && data.dataSn() != stage.nextDataSn()) {
            return discardedData(draft, task, new Stage.Discarding(stage.transferTag(), stage.r2tCount()), data);
        }
        if (data.transferTag() != stage.transferTag()
                || data.bufferOffset() != gathered.position()
                || after > stage.end()
                || data.last() != (after == stage.end())) {
            return "Data-Out out of order or not as its R2T asked for";
        }
        gathered.put(data.data().duplicate());
        if (data.last()) {
            askOrExecute(draft, task, gathered, stage.r2tCount());
        } else {
            draft.put(task.in(new Stage.Soliciting(
                    gathered, stage.transferTag(), stage.end(), stage.nextDataSn() + 1, stage.r2tCount())));
        }
        return null;
    }

    /**
     * A DataSN out of order means that data was lost before it (RFC 7143 §7.9): the task ends as §7.8 says for that, with "Protocol
     * Service CRC error", once all that was asked for has come.
     */
    private static @Nullable String discardedData(SessionDraft draft, Task task, Stage.Discarding stage, DataOut data) {
        if (!data.last()) {
            draft.put(task.in(stage));
            return null;
        }
        Answers.send(
                draft,
                task,
                stage.r2tCount(),
                new SessionInput.Outcome(
                        ScsiStatus.CHECK_CONDITION.code(), ByteBuffer.wrap(DATA_LOST.encode()), Pdu.NO_DATA, 0));
        draft.remove(task.id());
        return null;
    }

    /** Lets waiting commands go on, in order, as far as the session's buffer has room for their data. */
    void admit(SessionDraft draft) {
        if (!draft.tasks().anyWaiting()) {
            return;
        }
        long held = held(draft);
        for (Task task : draft.tasks()) {
            if (task.stage() instanceof Stage.Waiting waiting) {
                long charge = charge(task);
                if (held + charge > draft.memory().granted()) {
                    wantMore(draft, held, charge);
                    return;
                }
                held += charge;
                ByteBuffer gathered = waiting.data();
                if (task.writes() && gathered.capacity() < task.expectedOut()) {
                    gathered = gathered(gathered.duplicate().flip(), (int) task.expectedOut());
                }
                askOrExecute(draft, task, gathered, 0);
            }
        }
    }

    /** Asks for more only as far as the session may ever hold; else commands wait for those before them. */
    private void wantMore(SessionDraft draft, long held, long charge) {
        long most = held == 0 ? Math.max(limits.bufferBytes(), charge) : limits.bufferBytes();
        if (held + charge <= most) {
            long wanted = Math.min(most, (held + charge + GRANT_STEP - 1) / GRANT_STEP * GRANT_STEP);
            draft.want(wanted - draft.memory().granted());
        }
    }

    private long held(SessionDraft draft) {
        long held = 0;
        for (Task task : draft.tasks()) {
            held += task.admitted() ? charge(task) : 0;
        }
        return held;
    }

    /** A session without commands keeps a little, so that small commands one at a time need not ask each time. */
    void giveBackWhenIdle(SessionDraft draft) {
        if (draft.tasks().size() == 0) {
            draft.giveBack(draft.closed() ? 0 : KEPT_IDLE);
        }
    }

    /** Gives back what the commands admitted do not hold. */
    void reclaim(SessionDraft draft) {
        draft.giveBack(held(draft));
    }

    /** The connection is gone: only what runs on a disk or is on its way out is waited for. */
    void forget(SessionDraft draft) {
        for (Task task : draft.tasks()) {
            if (task.waits()) {
                draft.remove(task.id());
            }
        }
    }

    private long charge(Task task) {
        return Math.min(limits.maxTransferBytes(), task.expectedIn() + task.expectedOut());
    }

    /** RFC 7143 §11.8: asks for the next burst of a write, or has the command executed if nothing is missing. */
    private static void askOrExecute(SessionDraft draft, Task task, ByteBuffer gathered, int r2tCount) {
        if (task.doomed()) {
            SessionInput.Outcome aborted =
                    new SessionInput.Outcome(ScsiStatus.TASK_ABORTED.code(), Pdu.NO_DATA, Pdu.NO_DATA, 0);
            Answers.send(draft, task, r2tCount, aborted);
            draft.remove(task.id());
            return;
        }
        int missing = (int) task.expectedOut() - gathered.position();
        if (task.writes() && missing > 0) {
            int burst = Math.min(missing, draft.parameters().maxBurstBytes());
            int transferTag = draft.nextTransferTag();
            int start = gathered.position();
            draft.send(new ReadyToTransfer(
                    task.request().lun(), task.tag(), transferTag, draft.noStatus(), r2tCount, start, burst));
            draft.put(task.in(new Stage.Soliciting(gathered, transferTag, start + burst, 0, r2tCount + 1)));
            return;
        }
        draft.put(task.in(new Stage.Executing(r2tCount)));
        ByteBuffer dataOut = task.writes() ? gathered.duplicate().flip() : Pdu.NO_DATA;
        draft.execute(
                task.id(),
                new SessionOutput.Command(task.request().lun(), task.request().cdb(), dataOut, task.expectedIn()));
    }

    /** SAM-5 §5.6 with the TAS bit set, as the control mode page says. */
    void abortedElsewhere(SessionDraft draft, int lun) {
        for (Task task : draft.tasks()) {
            if (task.waits() && Lun.decode(task.request().lun()) == lun) {
                draft.put(task.asDoomed());
            }
        }
    }

    void executed(SessionDraft draft, TaskId id, SessionInput.Outcome outcome) {
        Task task = draft.task(id);
        if (task == null) {
            return;
        }
        switch (task.stage()) {
            case Stage.Executing executing -> {
                if (draft.closed()) {
                    drop(draft, task);
                } else {
                    Answers.send(draft, task, executing.r2tCount(), outcome);
                    draft.put(task.in(new Stage.Delivering()));
                    draft.finished(id);
                }
            }
            case Stage.Aborted ignored -> drop(draft, task);
            case Stage.Unsolicited ignored -> throw notExecuting(task);
            case Stage.Waiting ignored -> throw notExecuting(task);
            case Stage.Soliciting ignored -> throw notExecuting(task);
            case Stage.Discarding ignored -> throw notExecuting(task);
            case Stage.Delivering ignored -> throw notExecuting(task);
        }
    }

    void delivered(SessionDraft draft, TaskId id) {
        draft.remove(id);
    }

    /** Nothing of its answer is sent, but what it has in memory counts until it is let go. */
    private static void drop(SessionDraft draft, Task task) {
        draft.put(task.in(new Stage.Delivering()));
        draft.finished(task.id());
    }

    /** Writes longer than VPD page B0h allows would need a buffer of that length. */
    private static void refuseTooLong(SessionDraft draft, Task task) {
        Sense sense = new Sense(Sense.ILLEGAL_REQUEST, Sense.INVALID_FIELD_IN_CDB, null, null);
        Answers.send(
                draft,
                task,
                0,
                new SessionInput.Outcome(
                        ScsiStatus.CHECK_CONDITION.code(), ByteBuffer.wrap(sense.encode()), Pdu.NO_DATA, 0));
    }

    private static IllegalStateException notExecuting(Task task) {
        return new IllegalStateException("end of a command that was not executing: " + task.id());
    }

    /** A task keeps its request for as long as it lives, and need not keep the data twice. */
    private static CommandRequest withoutData(CommandRequest request) {
        return new CommandRequest(
                request.flags(),
                request.lun(),
                request.taskTag(),
                request.expectedLength(),
                request.numbers(),
                request.cdb(),
                Pdu.NO_DATA);
    }

    /** A buffer of {@code capacity} with the bytes of {@code data}, filled up to its position. */
    private static ByteBuffer gathered(ByteBuffer data, int capacity) {
        return ByteBuffer.allocate(capacity).put(data.duplicate());
    }

    /** The same bytes seen as a buffer that is full: nothing is copied where a command brought all its data. */
    private static ByteBuffer atEnd(ByteBuffer data) {
        ByteBuffer whole = data.slice();
        return whole.position(whole.limit());
    }
}
