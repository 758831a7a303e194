package io.sluice.iscsi.scsi;

import io.sluice.iscsi.block.BlockDeviceException;
import io.sluice.iscsi.block.OutOfSpaceException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * How a command ended.
 *
 * @param sense present with CHECK CONDITION alone
 * @param data what is returned; empty unless GOOD
 * @param transferBytes what the command itself would move, in or out: compared with the initiator's Expected Data Transfer Length
 *     it gives the residual count (RFC 7143 §11.4.5)
 */
public record ScsiResult(ScsiStatus status, @Nullable Sense sense, ScsiData data, long transferBytes) {

    static ScsiResult good() {
        return new ScsiResult(ScsiStatus.GOOD, null, ScsiData.NONE, 0);
    }

    static ScsiResult goodAfter(long receivedBytes) {
        return new ScsiResult(ScsiStatus.GOOD, null, ScsiData.NONE, receivedBytes);
    }

    static ScsiResult good(ScsiData data) {
        return new ScsiResult(ScsiStatus.GOOD, null, data, data.length());
    }

    /** Parameter data is cut to the CDB's allocation length without complaint (SPC-4 §4.2.5.6). */
    static ScsiResult parameterData(byte[] content, int allocationLength) {
        int length = Math.min(content.length, allocationLength);
        return good(new ScsiData.Bytes(ByteBuffer.wrap(content, 0, length).slice()));
    }

    static ScsiResult conflict() {
        return new ScsiResult(ScsiStatus.RESERVATION_CONFLICT, null, ScsiData.NONE, 0);
    }

    /** Ended by another initiator port (SAM-5 §5.3.1). */
    static ScsiResult aborted() {
        return new ScsiResult(ScsiStatus.TASK_ABORTED, null, ScsiData.NONE, 0);
    }

    static ScsiResult check(Sense sense) {
        return new ScsiResult(ScsiStatus.CHECK_CONDITION, sense, ScsiData.NONE, 0);
    }

    /** For a failure while {@link ScsiData#read} was sending: BUSY for passing trouble, so that the initiator tries again. */
    public static ScsiResult ofReadFailure(BlockDeviceException failure) {
        return ofFailure(failure, Sense.UNRECOVERED_READ_ERROR);
    }

    static ScsiResult ofFailure(BlockDeviceException failure, int code) {
        if (failure instanceof OutOfSpaceException) {
            return check(new Sense(Sense.DATA_PROTECT, Sense.SPACE_ALLOCATION_FAILED, null, null)); // SBC-3 §4.7.3.6
        }
        return failure.transientFailure()
                ? new ScsiResult(ScsiStatus.BUSY, null, ScsiData.NONE, 0)
                : check(new Sense(Sense.MEDIUM_ERROR, code, null, null));
    }
}
