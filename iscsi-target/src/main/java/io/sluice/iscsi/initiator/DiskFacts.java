package io.sluice.iscsi.initiator;

import io.sluice.iscsi.block.BlockDeviceException;
import io.sluice.iscsi.scsi.BlockLimits;
import io.sluice.iscsi.scsi.ScsiCommand;
import io.sluice.iscsi.scsi.ScsiStatus;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** What a logical unit says of itself after login. */
record DiskFacts(String serial, long sizeBytes, int blockBytes, boolean readOnly, BlockLimits limits) {
    private static final int PAGE_BYTES = 255;
    private static final int CAPACITY_BYTES = 32;
    private static final int MODE_HEADER_BYTES = 4;
    private static final int PAGE_HEADER_BYTES = 4;
    private static final int SERIAL_NUMBER_PAGE = 0x80;
    private static final int BLOCK_LIMITS_PAGE = 0xB0;
    private static final int CACHING_PAGE = 0x08;

    /** Unit attentions come one at a time, and a disk that is busy right after login is soon not. */
    private static final int ATTEMPTS = 8;

    private static final ByteBuffer EMPTY = ByteBuffer.allocate(0);

    /** Asks over a session. Trouble is transient, as long as the target gives no answer that cannot be right. */
    static DiskFacts ask(Session session) {
        ByteBuffer capacity = answer(session, new ScsiCommand.ReadCapacity16(CAPACITY_BYTES), CAPACITY_BYTES);
        if (capacity == null || capacity.remaining() < 12) {
            throw new BlockDeviceException("the target does not tell the disk's capacity: check the LUN", false);
        }
        int blockBytes = capacity.getInt(8);
        long blocks = capacity.getLong(0) + 1;
        if ((blockBytes != 512 && blockBytes != 4096) || blocks <= 0 || blocks > Long.MAX_VALUE / blockBytes) {
            throw new BlockDeviceException(
                    "%d blocks of %d bytes: only block sizes of 512 and 4096 are supported"
                            .formatted(blocks, blockBytes),
                    false);
        }
        ByteBuffer serial = page(session, SERIAL_NUMBER_PAGE);
        ByteBuffer mode =
                answer(session, new ScsiCommand.ModeSense(6, true, false, 0, CACHING_PAGE, 0, PAGE_BYTES), PAGE_BYTES);
        boolean readOnly = mode != null && mode.remaining() >= MODE_HEADER_BYTES && (mode.get(2) & 0x80) != 0;
        return new DiskFacts(
                StandardCharsets.US_ASCII.decode(serial).toString().strip(),
                blocks * blockBytes,
                blockBytes,
                readOnly,
                BlockLimits.decode(pageWithHeader(session, BLOCK_LIMITS_PAGE)));
    }

    /** Why this is not the disk that {@code before} was, or null. */
    @Nullable
    String differenceTo(DiskFacts before) {
        if (!serial.equals(before.serial)) {
            return "its serial was '%s' and is now '%s'".formatted(before.serial, serial);
        }
        if (sizeBytes != before.sizeBytes || blockBytes != before.blockBytes) {
            return "it had %d bytes in blocks of %d and has now %d in blocks of %d"
                    .formatted(before.sizeBytes, before.blockBytes, sizeBytes, blockBytes);
        }
        return null;
    }

    private static ByteBuffer page(Session session, int page) {
        ByteBuffer whole = pageWithHeader(session, page);
        return whole.remaining() <= PAGE_HEADER_BYTES ? EMPTY : whole.position(PAGE_HEADER_BYTES);
    }

    private static ByteBuffer pageWithHeader(Session session, int page) {
        ByteBuffer answer = answer(session, new ScsiCommand.Inquiry(true, page, PAGE_BYTES), PAGE_BYTES);
        if (answer == null || answer.remaining() < PAGE_HEADER_BYTES) {
            return EMPTY.duplicate();
        }
        int bytes = PAGE_HEADER_BYTES + (answer.getShort(2) & 0xFFFF);
        return answer.limit(Math.min(bytes, answer.limit()));
    }

    /** Null when the target definitely refuses the command. */
    private static @Nullable ByteBuffer answer(Session session, ScsiCommand command, int bytes) {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            ByteBuffer into = ByteBuffer.allocate(bytes);
            switch (session.run(new Task(command, new Task.Transfer.In(into)))) {
                case Task.Outcome.Lost lost ->
                    throw new BlockDeviceException("the session was lost right after login: " + lost.reason(), true);
                case Task.Outcome.Answered answered -> {
                    if (answered.status() == ScsiStatus.GOOD.code()) {
                        return into.limit(answered.receivedBytes());
                    }
                    if (!Verdict.of(answered).again()) {
                        return null;
                    }
                }
            }
        }
        throw new BlockDeviceException("the disk is still busy after login", true);
    }
}
