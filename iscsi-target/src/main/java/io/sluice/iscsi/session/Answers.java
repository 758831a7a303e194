package io.sluice.iscsi.session;

import io.sluice.iscsi.pdu.CommandResponse;
import io.sluice.iscsi.pdu.DataIn;
import io.sluice.iscsi.pdu.Pdu;
import io.sluice.iscsi.pdu.Residual;
import io.sluice.iscsi.scsi.ScsiStatus;
import java.nio.ByteBuffer;

/** The answer to a SCSI command: Data-In PDUs with the status in the last, or a SCSI Response (RFC 7143 §11.4, §11.7). */
final class Answers {

    private Answers() {}

    static void send(SessionDraft draft, Task task, int r2tCount, SessionInput.Outcome outcome) {
        long expected = task.expectedIn() + task.expectedOut();
        Residual residual = Residual.of(expected, outcome.transferBytes());
        int length = (int) Math.min(outcome.data().remaining(), task.expectedIn());
        if (length > 0 && outcome.status() == ScsiStatus.GOOD.code()) {
            dataIn(draft, task, outcome.data().slice(outcome.data().position(), length), residual);
            return;
        }
        draft.send(new CommandResponse(
                task.tag(), 0, outcome.status(), draft.status(), r2tCount, residual, senseSegment(outcome.sense())));
    }

    private static void dataIn(SessionDraft draft, Task task, ByteBuffer data, Residual residual) {
        int segment = draft.parameters().initiatorSegmentBytes();
        int burst = draft.parameters().maxBurstBytes();
        int inBurst = 0;
        int dataSn = 0;
        int length = data.remaining();
        for (int at = 0; at < length; ) {
            int size = Math.min(Math.min(segment, burst - inBurst), length - at);
            boolean end = at + size == length;
            inBurst += size;
            draft.send(new DataIn(
                    end || inBurst == burst,
                    false,
                    0,
                    task.tag(),
                    Pdu.RESERVED_TAG,
                    end ? draft.status() : draft.noStatus(),
                    dataSn++,
                    at,
                    end ? new DataIn.Ending(ScsiStatus.GOOD.code(), residual) : null,
                    data.slice(at, size)));
            at += size;
            inBurst = inBurst == burst ? 0 : inBurst;
        }
    }

    /** RFC 7143 §11.4.7: the sense data with its length before it. */
    private static ByteBuffer senseSegment(ByteBuffer sense) {
        if (!sense.hasRemaining()) {
            return Pdu.NO_DATA;
        }
        return ByteBuffer.allocate(2 + sense.remaining())
                .putShort((short) sense.remaining())
                .put(sense.duplicate())
                .flip();
    }
}
