package io.sluice.iscsi.netty;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.sluice.iscsi.block.BlockDeviceException;
import io.sluice.iscsi.pace.Pacer;
import io.sluice.iscsi.pdu.Pdu;
import io.sluice.iscsi.scsi.CdbDecoder;
import io.sluice.iscsi.scsi.Nexus;
import io.sluice.iscsi.scsi.ScsiData;
import io.sluice.iscsi.scsi.ScsiResult;
import io.sluice.iscsi.scsi.ScsiStatus;
import io.sluice.iscsi.scsi.Sense;
import io.sluice.iscsi.session.SessionInput;
import io.sluice.iscsi.session.SessionOutput;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One SCSI command on its way through rate limit, unit and disk. */
final class CommandRun {

    private static final Logger LOG = LoggerFactory.getLogger(CommandRun.class);

    /** SPC-4 §4.5.6 and Annex D: INTERNAL TARGET FAILURE. */
    private static final Sense INTERNAL_FAILURE = new Sense(0x4, 0x4400, null, null);
    /** Disks are read in whole blocks of at most this size. */
    private static final int LARGEST_BLOCK = 4096;

    private final ServedTarget target;
    private final Nexus nexus;
    private final SessionOutput.Command command;
    private final Pacer.Flow flow;
    private final InFlight inFlight;
    private final long transferBytes;
    private final int issued;
    private final long readyNanos;

    CommandRun(
            ServedTarget target,
            Nexus nexus,
            SessionOutput.Command command,
            Pacer.Flow flow,
            InFlight inFlight,
            long transferBytes) {
        this.target = target;
        this.nexus = nexus;
        this.command = command;
        this.flow = flow;
        this.inFlight = inFlight;
        this.transferBytes = transferBytes;
        this.issued = nexus.issue(command.lun());
        this.readyNanos = System.nanoTime();
    }

    /**
     * How a command ended.
     *
     * @param buffer holds the outcome's data and is to be released after it was sent; null if nothing needs that
     */
    record Result(SessionInput.Outcome outcome, @Nullable ByteBuf buffer) {}

    /** How a disk's content gets into a buffer: false if it does not. */
    private interface Filling {
        boolean fill(ScsiData.DiskContent content, ByteBuffer space);
    }

    /** Blocks as the disk does: for {@link CommandThreads}. */
    Result run(ByteBufAllocator buffers) {
        return counted(admitted(buffers));
    }

    /**
     * For an event loop: runs a command that takes no waiting, as a read of what is in the page cache does not. Null if it takes
     * any, or might: it is then as if nothing had been tried.
     */
    @Nullable
    Result runNow(ByteBufAllocator buffers) {
        ReentrantReadWriteLock unit = target.unitLock(command.lun());
        if (unit == null || !CdbDecoder.onlyReads(command.cdb()) || !flow.free() || !inFlight.enter(false)) {
            return null;
        }
        try {
            if (unit.hasQueuedThreads() || !unit.readLock().tryLock()) {
                return null; // a swap is on: it would never get its turn if reads went on passing it
            }
            try {
                Result result = execute(buffers, (content, space) -> content.readNow(0, space));
                return result == null ? null : counted(result);
            } finally {
                unit.readLock().unlock();
            }
        } finally {
            inFlight.leave(false);
        }
    }

    private Result counted(Result result) {
        SessionInput.Outcome outcome = result.outcome();
        target.traffic()
                .ended(
                        outcome.status(),
                        result.buffer() == null ? 0 : outcome.data().remaining(),
                        command.dataOut().remaining(),
                        System.nanoTime() - readyNanos);
        return result;
    }

    /** Waits until the rates let it go, if it moves data; false when its session ended instead. */
    boolean pass() {
        long bytes = command.dataOut().remaining() + Math.min(command.expectedIn(), transferBytes);
        return bytes == 0 || flow.pass(bytes);
    }

    /** Not now: the initiator tries again. */
    static Result busy() {
        return failed(ScsiStatus.BUSY, null);
    }

    private Result admitted(ByteBufAllocator buffers) {
        boolean changes = !CdbDecoder.onlyReads(command.cdb());
        if (!inFlight.enter(changes)) {
            return busy(); // nobody is there to hear of it
        }
        try {
            return onUnit(buffers);
        } finally {
            inFlight.leave(changes);
        }
    }

    private Result onUnit(ByteBufAllocator buffers) {
        ReentrantReadWriteLock unit = target.unitLock(command.lun());
        if (unit == null) {
            return executeWaiting(buffers);
        }
        unit.readLock().lock();
        try {
            return executeWaiting(buffers);
        } finally {
            unit.readLock().unlock();
        }
    }

    private Result executeWaiting(ByteBufAllocator buffers) {
        return Objects.requireNonNull(execute(buffers, (content, space) -> {
            content.read(0, space);
            return true;
        }));
    }

    /** Null if the filling did not. */
    private @Nullable Result execute(ByteBufAllocator buffers, Filling filling) {
        try {
            ScsiResult result = target.server().execute(nexus, issued, command.lun(), command.cdb(), command.dataOut());
            if (result.status() != ScsiStatus.GOOD) {
                return failed(result.status(), result.sense());
            }
            return switch (result.data()) {
                case ScsiData.Bytes bytes -> good(result, bytes.content(), null);
                case ScsiData.DiskContent content -> read(result, content, buffers, filling);
            };
        } catch (RuntimeException bug) {
            LOG.atError()
                    .addKeyValue("target", target.definition().name())
                    .setCause(bug)
                    .log("a command failed: this is a bug of the target or its disk");
            return failed(ScsiStatus.CHECK_CONDITION, INTERNAL_FAILURE);
        }
    }

    private @Nullable Result read(
            ScsiResult result, ScsiData.DiskContent content, ByteBufAllocator buffers, Filling filling) {
        long wanted = (command.expectedIn() + LARGEST_BLOCK - 1) / LARGEST_BLOCK * LARGEST_BLOCK;
        long length = Math.min(content.length(), wanted);
        if (length > transferBytes) {
            return failed(
                    ScsiStatus.CHECK_CONDITION,
                    new Sense(Sense.ILLEGAL_REQUEST, Sense.INVALID_FIELD_IN_CDB, null, null));
        }
        if (length == 0) {
            return good(result, Pdu.NO_DATA, null);
        }
        ByteBuf buffer = buffers.directBuffer((int) length, (int) length);
        boolean filled = false;
        try {
            ByteBuffer space = buffer.nioBuffer(0, (int) length);
            filled = filling.fill(content, space.duplicate());
            return filled ? good(result, space, buffer) : null;
        } catch (BlockDeviceException failure) {
            ScsiResult refused = ScsiResult.ofReadFailure(failure);
            return failed(refused.status(), refused.sense());
        } finally {
            if (!filled) {
                buffer.release();
            }
        }
    }

    private static Result good(ScsiResult result, ByteBuffer data, @Nullable ByteBuf buffer) {
        return new Result(
                new SessionInput.Outcome(ScsiStatus.GOOD.code(), Pdu.NO_DATA, data, result.transferBytes()), buffer);
    }

    private static Result failed(ScsiStatus status, @Nullable Sense sense) {
        ByteBuffer bytes = sense == null ? Pdu.NO_DATA : ByteBuffer.wrap(sense.encode());
        return new Result(new SessionInput.Outcome(status.code(), bytes, Pdu.NO_DATA, 0), null);
    }
}
