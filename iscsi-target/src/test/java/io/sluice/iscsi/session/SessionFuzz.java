package io.sluice.iscsi.session;

import io.sluice.iscsi.login.LoginResult;
import io.sluice.iscsi.login.Peer;
import io.sluice.iscsi.login.SessionParameters;
import io.sluice.iscsi.pdu.CommandFlags;
import io.sluice.iscsi.pdu.CommandRequest;
import io.sluice.iscsi.pdu.DataOut;
import io.sluice.iscsi.pdu.Decoded;
import io.sluice.iscsi.pdu.Digests;
import io.sluice.iscsi.pdu.Isid;
import io.sluice.iscsi.pdu.LogoutRequest;
import io.sluice.iscsi.pdu.NopOut;
import io.sluice.iscsi.pdu.Pdu;
import io.sluice.iscsi.pdu.PduDecoder;
import io.sluice.iscsi.pdu.PduLimits;
import io.sluice.iscsi.pdu.ReadyToTransfer;
import io.sluice.iscsi.pdu.RequestNumbers;
import io.sluice.iscsi.pdu.TargetPdu;
import io.sluice.iscsi.pdu.TaskFunction;
import io.sluice.iscsi.pdu.TaskRequest;
import io.sluice.iscsi.pdu.TextRequest;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Whatever an initiator sends, and in whatever order its disk ends commands and the network takes answers: what {@link
 * SessionOracle} says holds.
 *
 * <p>Input: steps of a kind and a few bytes that choose its fields, right ones where they are 0, so that a session gets somewhere.
 */
public final class SessionFuzz {

    private static final int FIRST_CMD_SN = 0x7fffffff;
    private static final int FIRST_STAT_SN = 50;
    private static final byte[] DATA = new byte[4096];

    private final ByteBuffer input;
    private final SessionMachine machine;
    private final SessionOracle oracle;
    /** Whether memory is granted as soon as it is wanted. */
    private final boolean generous;

    private final List<ReadyToTransfer> asked = new ArrayList<>();
    private SessionState state;
    private int cmdSn = FIRST_CMD_SN;

    private SessionFuzz(ByteBuffer input) {
        this.input = input;
        int options = next();
        generous = (options & 0x40) == 0;
        boolean discovery = (options & 1) != 0;
        Peer peer = new Peer("iqn.x:host", discovery ? null : "iqn.x:one", new Isid(1), 3, 0);
        SessionParameters parameters = new SessionParameters(
                Digests.NONE,
                512,
                1024,
                1024,
                (options & 8) != 0 ? 512 : 1024,
                1 + ((options >> 4) & 3),
                (options & 2) != 0,
                (options & 4) == 0);
        SessionLimits limits = SessionOracle.LIMITS;
        machine = new SessionMachine(
                peer, 2, limits, initiator -> List.of(new DiscoveredTarget("iqn.x:one", "127.0.0.1:3260,1")));
        state = SessionState.begun(new LoginResult(peer, null, 1, parameters, FIRST_STAT_SN, FIRST_CMD_SN));
        oracle = new SessionOracle(parameters, discovery, FIRST_STAT_SN, FIRST_CMD_SN);
    }

    public static void fuzzerTestOneInput(byte[] bytes) {
        SessionFuzz fuzz = new SessionFuzz(ByteBuffer.wrap(bytes));
        while (fuzz.input.hasRemaining()) {
            fuzz.oneStep(fuzz.next());
        }
        fuzz.end();
    }

    private void oneStep(int kind) {
        switch (kind & 0xf) {
            case 0 -> received(command(new CommandFlags((kind & 0x20) != 0, true, true, false, 1), 0));
            case 1 -> received(command(new CommandFlags((kind & 0x20) != 0, true, false, true, 1), next()));
            case 2 -> received(command(new CommandFlags((kind & 0x20) != 0, false, false, true, 1), next()));
            case 3 -> received(command(new CommandFlags(false, (kind & 0x20) != 0, (kind & 0x40) != 0, false, 1), 0));
            case 4 -> answerR2t();
            case 5 -> unsolicited();
            case 6 -> executed();
            case 7 -> delivered();
            case 8 -> step(new SessionInput.Tick());
            case 9 -> {
                boolean answer = (kind & 0x20) != 0;
                received(new NopOut(
                        (kind & 0x40) != 0, 0, answer ? Pdu.RESERVED_TAG : next(), next(), numbers(), data(next(), 4)));
            }
            case 10 -> {
                long lun = (kind & 0x40) != 0 ? 1L << 48 : 0;
                received(new TaskRequest(
                        (kind & 0x20) == 0, next() & 0xf, lun, 0x100 + next(), next(), numbers(), 0, 0));
            }
            case 11 -> text(kind);
            case 12 -> received(new LogoutRequest((kind & 0x20) != 0, next() & 3, next(), next() & 3, numbers()));
            case 13 -> raw();
            case 14 -> elsewhere();
            case 15 -> memory(next());
            default -> received(command(CommandFlags.READ, 0));
        }
    }

    private CommandRequest command(CommandFlags flags, int immediate) {
        int tag = next() & 0x1f;
        int length = next() * 40;
        long lun = (long) (next() & 3) << 48;
        RequestNumbers numbers = numbers(flags.immediate());
        return new CommandRequest(flags, lun, tag, length, numbers, ByteBuffer.allocate(16), data(immediate, 8));
    }

    private void answerR2t() {
        int choice = next();
        if (asked.isEmpty()) {
            return;
        }
        ReadyToTransfer r2t = asked.remove(choice % asked.size());
        int wrong = next();
        int offset = 0;
        int dataSn = 0;
        while (offset < r2t.desiredLength()) {
            int size = (int) Math.min((wrong & 0x80) != 0 ? 300 : 1024, r2t.desiredLength() - offset);
            boolean last = offset + size == r2t.desiredLength();
            received(new DataOut(
                    last ^ ((wrong & 1) != 0),
                    r2t.lun(),
                    r2t.taskTag(),
                    r2t.transferTag() + ((wrong & 2) >> 1),
                    0,
                    dataSn + ((wrong & 4) >> 2),
                    r2t.bufferOffset() + offset + (wrong & 8),
                    data(size + (wrong & 16), 1)));
            offset += size;
            dataSn++;
        }
    }

    private void unsolicited() {
        int flags = next();
        received(new DataOut(
                (flags & 1) == 0,
                0,
                next() & 0x1f,
                Pdu.RESERVED_TAG + ((flags & 2) >> 1),
                0,
                flags >> 4,
                next() * 8L,
                data(next(), 8)));
    }

    private void executed() {
        int choice = next();
        int outcome = next();
        List<TaskId> running = oracle.running();
        if (!running.isEmpty()) {
            step(new SessionInput.Executed(running.get(choice % running.size()), outcome(outcome)));
        }
    }

    private static SessionInput.Outcome outcome(int choice) {
        int status = (choice & 1) == 0 ? 0 : 2;
        int length = choice * 16;
        return new SessionInput.Outcome(
                status, status == 0 ? Pdu.NO_DATA : data(18, 1), status == 0 ? data(length, 1) : Pdu.NO_DATA, length);
    }

    private void delivered() {
        int choice = next();
        List<TaskId> leaving = oracle.leaving();
        if (!leaving.isEmpty()) {
            step(new SessionInput.Delivered(leaving.get(choice % leaving.size())));
        }
    }

    /** What comes from other sessions, and the ends of this one's resets. */
    private void elsewhere() {
        int choice = next();
        List<Integer> resets = oracle.resets();
        if (resets.isEmpty() || (choice & 1) != 0) {
            step(new SessionInput.AbortedElsewhere(choice >> 1 & 1));
        } else {
            resetDone(resets.getFirst());
        }
    }

    private void memory(int choice) {
        if ((choice & 1) != 0) {
            step(new SessionInput.Reclaim());
        } else if ((choice & 0x0e) == 0x0e) {
            step(new SessionInput.Corrupted(ByteBuffer.allocate(48)));
        } else if (oracle.wanted() > 0) {
            step(new SessionInput.Granted(oracle.wanted()));
        }
    }

    private void resetDone(int tag) {
        TaskFunction function = (tag & 1) == 0 ? TaskFunction.TARGET_COLD_RESET : TaskFunction.LOGICAL_UNIT_RESET;
        step(new SessionInput.ResetDone(tag, function));
    }

    private void text(int kind) {
        byte[] text = new byte[Math.min(next(), input.remaining())];
        input.get(text);
        boolean more = (kind & 0x20) != 0;
        int transferTag = (kind & 0x40) != 0 ? next() : Pdu.RESERVED_TAG;
        received(new TextRequest(true, !more, more, 0, next(), transferTag, numbers(true), ByteBuffer.wrap(text)));
    }

    /** A PDU as the decoder makes it of the bytes that come. */
    private void raw() {
        byte[] header = new byte[48];
        input.get(header, 0, Math.min(header.length, input.remaining()));
        PduDecoder decoder = new PduDecoder(PduLimits.dataSegment(1024));
        header[4] = 0;
        header[5] = 0;
        header[6] = 0;
        header[7] = 0;
        if (decoder.next(ByteBuffer.wrap(header)) instanceof Decoded.Complete complete) {
            received(complete.pdu());
        }
    }

    private RequestNumbers numbers() {
        return numbers(false);
    }

    private RequestNumbers numbers(boolean immediate) {
        int offset = next();
        int number = cmdSn + (offset >= 0xf0 ? offset - 0xf8 : 0);
        cmdSn += immediate ? 0 : 1;
        return new RequestNumbers(number, 0);
    }

    private static ByteBuffer data(int count, int unit) {
        return ByteBuffer.wrap(DATA, 0, Math.min(DATA.length, count * unit));
    }

    private int next() {
        return input.hasRemaining() ? input.get() & 0xff : 0;
    }

    private void received(Pdu pdu) {
        step(new SessionInput.Received(pdu));
        cmdSn = state.numbers().expCmdSn();
    }

    private void step(SessionInput event) {
        SessionStep step = machine.step(state, event);
        state = step.state();
        oracle.stepped(event, step.outputs());
        if (generous && oracle.wanted() > 0) {
            step(new SessionInput.Granted(oracle.wanted()));
        }
        for (SessionOutput output : step.outputs()) {
            if (output instanceof SessionOutput.Send send) {
                TargetPdu pdu = send.pdu();
                if (pdu instanceof ReadyToTransfer r2t) {
                    asked.add(r2t);
                }
            }
        }
    }

    /** The disk ends all that runs and the network takes all that was sent: nothing may be left. */
    private void end() {
        received(new LogoutRequest(true, 0, 0x200, 3, new RequestNumbers(cmdSn, 0)));
        step(new SessionInput.Lost());
        if (oracle.wanted() > 0) {
            step(new SessionInput.Granted(oracle.wanted()));
        }
        while (!oracle.running().isEmpty() || !oracle.leaving().isEmpty()) {
            for (TaskId task : oracle.running()) {
                step(new SessionInput.Executed(task, outcome(0)));
            }
            for (TaskId task : oracle.leaving()) {
                step(new SessionInput.Delivered(task));
            }
        }
        oracle.resets().forEach(this::resetDone);
        oracle.ended(state);
    }
}
