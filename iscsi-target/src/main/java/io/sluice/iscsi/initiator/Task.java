package io.sluice.iscsi.initiator;

import io.sluice.iscsi.pdu.CommandFlags;
import io.sluice.iscsi.pdu.DataIn;
import io.sluice.iscsi.pdu.Pdu;
import io.sluice.iscsi.scsi.CdbEncoder;
import io.sluice.iscsi.scsi.ScsiCommand;
import io.sluice.iscsi.scsi.Sense;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** One SCSI command on its way through one session: what is sent, where what comes back goes, and how it ended. */
final class Task {
    /** Where the data of a command lies. Buffers are used by the session until the task has ended. */
    sealed interface Transfer {
        record Nothing() implements Transfer {}

        record In(ByteBuffer into) implements Transfer {}

        record Out(ByteBuffer from) implements Transfer {}
    }

    sealed interface Outcome {
        /** The target answered. */
        record Answered(int status, @Nullable Sense sense, int receivedBytes) implements Outcome {}

        /** The session ended first: the target may or may not have carried the command out. */
        record Lost(String reason) implements Outcome {}
    }

    private final byte[] cdb;
    private final Transfer transfer;
    private final CompletableFuture<Outcome> outcome = new CompletableFuture<>();
    private int receivedBytes;

    Task(ScsiCommand command, Transfer transfer) {
        this.cdb = CdbEncoder.encode(command);
        this.transfer = transfer;
    }

    byte[] cdb() {
        return cdb.clone();
    }

    long expectedBytes() {
        return switch (transfer) {
            case Transfer.Nothing nothing -> 0;
            case Transfer.In in -> in.into().remaining();
            case Transfer.Out out -> out.from().remaining();
        };
    }

    CommandFlags flags(boolean last) {
        return switch (transfer) {
            case Transfer.Nothing nothing -> CommandFlags.NO_DATA;
            case Transfer.In in -> CommandFlags.READ;
            case Transfer.Out out -> new CommandFlags(false, last, false, true, CommandFlags.WRITE.attribute());
        };
    }

    /** A piece of what is to be written. */
    ByteBuffer piece(long offset, int bytes) {
        return switch (transfer) {
            case Transfer.Out out -> out.from().slice(out.from().position() + Math.toIntExact(offset), bytes);
            case Transfer.Nothing nothing -> Pdu.NO_DATA;
            case Transfer.In in -> Pdu.NO_DATA;
        };
    }

    boolean writes() {
        return transfer instanceof Transfer.Out;
    }

    /** Puts data in its place; answers with what is wrong with it, or null. Data comes in order (DataPDUInOrder). */
    @Nullable
    String receive(DataIn pdu) {
        int bytes = pdu.data().remaining();
        if (!(transfer instanceof Transfer.In in)
                || pdu.bufferOffset() != receivedBytes
                || bytes > in.into().remaining() - receivedBytes) {
            return "data at %d of %d bytes was not asked for".formatted(pdu.bufferOffset(), bytes);
        }
        in.into()
                .put(
                        in.into().position() + receivedBytes,
                        pdu.data(),
                        pdu.data().position(),
                        bytes);
        receivedBytes += bytes;
        return null;
    }

    void answered(int status, @Nullable Sense sense) {
        outcome.complete(new Outcome.Answered(status, sense, receivedBytes));
    }

    void lost(String reason) {
        outcome.complete(new Outcome.Lost(reason));
    }

    /** Waits to the end, interrupted or not: until then the session may touch the caller's buffer. */
    Outcome await() {
        return outcome.join();
    }
}
