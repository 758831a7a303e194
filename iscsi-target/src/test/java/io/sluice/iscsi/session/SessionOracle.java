package io.sluice.iscsi.session;

import io.sluice.iscsi.login.SessionParameters;
import io.sluice.iscsi.pdu.CommandResponse;
import io.sluice.iscsi.pdu.DataIn;
import io.sluice.iscsi.pdu.Digests;
import io.sluice.iscsi.pdu.NopIn;
import io.sluice.iscsi.pdu.Pdu;
import io.sluice.iscsi.pdu.PduEncoder;
import io.sluice.iscsi.pdu.ReadyToTransfer;
import io.sluice.iscsi.pdu.ResponseNumbers;
import io.sluice.iscsi.pdu.SerialNumbers;
import io.sluice.iscsi.pdu.TargetPdu;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What always holds of a session, seen from outside: StatSN goes up by one with each status, ExpCmdSN and MaxCmdSN never go back,
 * the buffer is never overdrawn, each task runs once and ends once, answers keep to what was agreed on, and after Close nothing is
 * sent.
 */
final class SessionOracle {

    static final SessionLimits LIMITS = new SessionLimits(6, 8192, 8192);

    private final SessionParameters parameters;
    private final Map<TaskId, Long> running = new LinkedHashMap<>();
    private final Map<TaskId, Long> leaving = new LinkedHashMap<>();
    private final Map<Integer, Integer> r2tSns = new HashMap<>();
    /** Tags of the resets under way. */
    private final List<Integer> resets = new ArrayList<>();

    private final boolean discovery;
    private long memory;
    private long wanted;
    private int statSn;
    private int expCmdSn;
    private int maxCmdSn;
    private int dataSn;
    private long highestTask;
    private boolean closed;

    SessionOracle(SessionParameters parameters, boolean discovery, int statSn, int cmdSn) {
        this.parameters = parameters;
        this.discovery = discovery;
        this.statSn = statSn;
        this.expCmdSn = cmdSn;
        this.maxCmdSn = cmdSn - 1;
    }

    List<TaskId> running() {
        return List.copyOf(running.keySet());
    }

    List<TaskId> leaving() {
        return List.copyOf(leaving.keySet());
    }

    long wanted() {
        return wanted;
    }

    List<Integer> resets() {
        return List.copyOf(resets);
    }

    void stepped(SessionInput input, List<SessionOutput> outputs) {
        switch (input) {
            case SessionInput.Executed executed -> {
                Long held = running.remove(executed.task());
                leaving.put(executed.task(), held == null ? 0 : held);
            }
            case SessionInput.Delivered delivered -> leaving.remove(delivered.task());
            case SessionInput.ResetDone done -> resets.remove(Integer.valueOf(done.taskTag()));
            case SessionInput.Granted granted -> {
                check(wanted == granted.bytes(), "granted what was not wanted");
                memory += granted.bytes();
                wanted = 0;
            }
            case SessionInput.Received ignored -> {}
            case SessionInput.Corrupted ignored -> {}
            case SessionInput.Reclaim ignored -> {}
            case SessionInput.Lost ignored -> closed = true;
            case SessionInput.AbortedElsewhere ignored -> {}
            case SessionInput.Tick ignored -> {}
        }
        dataSn = 0;
        boolean finished = false;
        for (SessionOutput output : outputs) {
            check(
                    !closed || output instanceof SessionOutput.Finished || output instanceof SessionOutput.GiveBack,
                    "after Close: " + output);
            switch (output) {
                case SessionOutput.Send send -> sent(send.pdu());
                case SessionOutput.Execute execute -> executing(execute);
                case SessionOutput.Finished done -> {
                    check(leaving.containsKey(done.task()), "finished what did not run");
                    finished = true;
                }
                case SessionOutput.Reset reset -> {
                    check(!discovery, "a reset in a discovery session");
                    resets.add(reset.taskTag());
                }
                case SessionOutput.Want want -> {
                    check(wanted == 0 && want.bytes() > 0, "wants " + want.bytes() + " beside " + wanted);
                    wanted = want.bytes();
                    check(memory + wanted <= LIMITS.bufferBytes(), "wants more than it may hold");
                }
                case SessionOutput.GiveBack surplus -> {
                    memory -= surplus.bytes();
                    check(sum(running) + sum(leaving) <= memory, "gives back what it holds");
                }
                case SessionOutput.Close ignored -> closed = true;
            }
        }
        check(!(input instanceof SessionInput.Executed) || finished, "a task ended and is not let go");
    }

    private void executing(SessionOutput.Execute execute) {
        SessionOutput.Command command = execute.command();
        check(!discovery, "a command in a discovery session");
        check(execute.task().value() > highestTask || !running.containsKey(execute.task()), "runs twice");
        highestTask = Math.max(highestTask, execute.task().value());
        long held = Math.min(
                LIMITS.maxTransferBytes(),
                command.expectedIn() + command.dataOut().remaining());
        running.put(execute.task(), held);
        long all = sum(running) + sum(leaving);
        check(all <= memory && memory <= LIMITS.bufferBytes(), "holds " + all + " of " + memory + " bytes");
        check(command.dataOut().remaining() <= LIMITS.maxTransferBytes(), "a write beyond the limit");
    }

    private static long sum(Map<TaskId, Long> held) {
        return held.values().stream().mapToLong(Long::longValue).sum();
    }

    private void sent(TargetPdu pdu) {
        ResponseNumbers numbers = pdu.numbers();
        boolean status = switch (pdu) {
            case ReadyToTransfer ignored -> false;
            case NopIn ping -> ping.taskTag() != Pdu.RESERVED_TAG;
            case DataIn in -> in.ending() != null;
            default -> true;
        };
        check(numbers.statSn() == statSn, "StatSN " + numbers.statSn() + " where " + statSn + " comes");
        statSn += status ? 1 : 0;
        check(
                !SerialNumbers.before(numbers.expCmdSn(), expCmdSn) || expCmdSn == numbers.expCmdSn() + 1,
                "ExpCmdSN back");
        expCmdSn = numbers.expCmdSn();
        check(!SerialNumbers.before(numbers.maxCmdSn(), maxCmdSn), "the window shrinks");
        maxCmdSn = numbers.maxCmdSn();
        check(numbers.maxCmdSn() - numbers.expCmdSn() < LIMITS.commandWindow(), "a window beyond the limit");
        check(pdu.data().remaining() <= parameters.initiatorSegmentBytes(), "a segment too long: " + pdu);
        ordered(pdu);
        encodes(pdu);
    }

    private void ordered(TargetPdu pdu) {
        switch (pdu) {
            case DataIn in -> check(in.dataSn() == dataSn++, "DataSN " + in.dataSn());
            case ReadyToTransfer r2t -> {
                check(r2t.desiredLength() > 0 && r2t.desiredLength() <= parameters.maxBurstBytes(), "R2T: " + r2t);
                int before = r2tSns.getOrDefault(r2t.taskTag(), -1);
                check(r2t.r2tSn() == 0 || r2t.r2tSn() == before + 1, "R2TSN " + r2t.r2tSn());
                r2tSns.put(r2t.taskTag(), r2t.r2tSn());
            }
            case CommandResponse response -> check(response.response() == 0, "target failure");
            default -> {}
        }
    }

    private static void encodes(TargetPdu pdu) {
        ByteBuffer data = pdu.data().duplicate();
        new PduEncoder(Digests.NONE).encode(pdu);
        check(pdu.data().equals(data), "encoding moves the data");
    }

    void ended(SessionState state) {
        check(closed, "logout does not end the session");
        check(running.isEmpty() && leaving.isEmpty(), "tasks are left");
        check(memory == 0, memory + " bytes are not given back");
        check(state.closed(), "the state is not closed");
    }

    private static void check(boolean holds, String otherwise) {
        if (!holds) {
            throw new AssertionError(otherwise);
        }
    }
}
