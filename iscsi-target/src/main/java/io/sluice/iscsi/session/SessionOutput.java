package io.sluice.iscsi.session;

import io.sluice.iscsi.pdu.TargetPdu;
import io.sluice.iscsi.pdu.TaskFunction;
import java.nio.ByteBuffer;

/** What is to be done, in this order. */
public sealed interface SessionOutput {

    record Send(TargetPdu pdu) implements SessionOutput {}

    /** Run a SCSI command and come back with {@link SessionInput.Executed}, also if nobody wants the result any more. */
    record Execute(TaskId task, Command command) implements SessionOutput {}

    /**
     * Carry a function on to the units and the other sessions of the target, and come back with {@link SessionInput.ResetDone}.
     *
     * @param lun the unit it is for, where it is not for all
     */
    record Reset(int taskTag, TaskFunction function, int lun) implements SessionOutput {}

    /** Come back with {@link SessionInput.Granted} when the session may hold so many more bytes of data. */
    record Want(long bytes) implements SessionOutput {}

    /** So many bytes granted are not needed any more. */
    record GiveBack(long bytes) implements SessionOutput {}

    /** Nothing more is sent of a task's data: come back with {@link SessionInput.Delivered} once what was sent has left. */
    record Finished(TaskId task) implements SessionOutput {}

    /** Close the connection after what was sent before. */
    record Close(String reason) implements SessionOutput {}

    /**
     * A command ready to run.
     *
     * @param dataOut all data of a write
     * @param expectedIn at most so many bytes are sent to the initiator
     */
    record Command(long lun, ByteBuffer cdb, ByteBuffer dataOut, long expectedIn) {}
}
