package io.sluice.iscsi.session;

import io.sluice.iscsi.pdu.CommandRequest;
import java.nio.ByteBuffer;

/**
 * A SCSI command from its arrival until all of its answer has left.
 *
 * @param doomed aborted by another session before it ran: answered with TASK ABORTED as soon as no data is under way for it
 */
record Task(TaskId id, CommandRequest request, Stage stage, boolean doomed) {

    Task(TaskId id, CommandRequest request, Stage stage) {
        this(id, request, stage, false);
    }

    /** How far it is. */
    sealed interface Stage {

        /** Data-Out PDUs nobody asked for are on their way (RFC 7143 §4.2.5.2). {@code data} is filled up to its position. */
        record Unsolicited(ByteBuffer data, int nextDataSn) implements Stage {}

        /** Waits for room in the session's buffer. */
        record Waiting(ByteBuffer data) implements Stage {}

        /** An R2T is out. */
        record Soliciting(ByteBuffer data, int transferTag, int end, int nextDataSn, int r2tCount) implements Stage {}

        /** Of its Data-Out one came in the wrong order: the rest is let pass, up to the last. */
        record Discarding(int transferTag, int r2tCount) implements Stage {}

        record Executing(int r2tCount) implements Stage {}

        /** Executing, and the initiator no longer wants to hear of it. */
        record Aborted() implements Stage {}

        /** Answered; the answer is on its way. */
        record Delivering() implements Stage {}
    }

    int tag() {
        return request.taskTag();
    }

    boolean writes() {
        return request.flags().write();
    }

    long expectedIn() {
        return request.flags().read() ? request.expectedLength() : 0;
    }

    long expectedOut() {
        return writes() ? request.expectedLength() : 0;
    }

    Task in(Stage next) {
        return new Task(id, request, next, doomed);
    }

    Task asDoomed() {
        return new Task(id, request, stage, true);
    }

    /** Whether it has not begun to run. */
    boolean waits() {
        return switch (stage) {
            case Stage.Unsolicited ignored -> true;
            case Stage.Waiting ignored -> true;
            case Stage.Soliciting ignored -> true;
            case Stage.Discarding ignored -> true;
            case Stage.Executing ignored -> false;
            case Stage.Aborted ignored -> false;
            case Stage.Delivering ignored -> false;
        };
    }

    /** Whether its tag is in use: a task that was aborted or answered has given it up. */
    boolean live() {
        return switch (stage) {
            case Stage.Unsolicited ignored -> true;
            case Stage.Waiting ignored -> true;
            case Stage.Soliciting ignored -> true;
            case Stage.Discarding ignored -> true;
            case Stage.Executing ignored -> true;
            case Stage.Aborted ignored -> false;
            case Stage.Delivering ignored -> false;
        };
    }

    /** Whether it has its share of the session's buffer. */
    boolean admitted() {
        return switch (stage) {
            case Stage.Unsolicited ignored -> false;
            case Stage.Waiting ignored -> false;
            case Stage.Soliciting ignored -> true;
            case Stage.Discarding ignored -> true;
            case Stage.Executing ignored -> true;
            case Stage.Aborted ignored -> true;
            case Stage.Delivering ignored -> true;
        };
    }
}
