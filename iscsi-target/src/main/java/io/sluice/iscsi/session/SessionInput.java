package io.sluice.iscsi.session;

import io.sluice.iscsi.pdu.Pdu;
import io.sluice.iscsi.pdu.TaskFunction;
import java.nio.ByteBuffer;

/** What a session hears. */
public sealed interface SessionInput {

    /** A PDU came. */
    record Received(Pdu pdu) implements SessionInput {}

    /** A PDU came whose data is not what was sent (RFC 7143 §7.8). */
    record Corrupted(ByteBuffer header) implements SessionInput {}

    /** What {@link SessionOutput.Want} asked for is there. */
    record Granted(long bytes) implements SessionInput {}

    /** Others wait for memory: what is not needed is to be given back. */
    record Reclaim() implements SessionInput {}

    /** The connection is gone: nothing can be sent or received any more. */
    record Lost() implements SessionInput {}

    /** A command that was to be executed has ended. */
    record Executed(TaskId task, Outcome outcome) implements SessionInput {}

    /** All that was sent for a task up to its {@link SessionOutput.Finished} has left for the network. */
    record Delivered(TaskId task) implements SessionInput {}

    /** Another session had the commands of a unit aborted: those that do not run yet end with TASK ABORTED. */
    record AbortedElsewhere(int lun) implements SessionInput {}

    /** What {@link SessionOutput.Reset} asked for is done. */
    record ResetDone(int taskTag, TaskFunction function) implements SessionInput {}

    /** One interval of peer supervision is over. Not to be given while nothing is read from the connection. */
    record Tick() implements SessionInput {}

    /**
     * How a SCSI command ended.
     *
     * @param status the SCSI status
     * @param sense sense data, empty if there is none
     * @param data for the initiator
     * @param transferBytes what the command itself would move
     */
    record Outcome(int status, ByteBuffer sense, ByteBuffer data, long transferBytes) {}
}
