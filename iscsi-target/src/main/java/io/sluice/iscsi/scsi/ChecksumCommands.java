package io.sluice.iscsi.scsi;

import io.sluice.iscsi.block.BlockDeviceException;
import io.sluice.iscsi.block.RegionChecksums;
import java.nio.ByteBuffer;

/**
 * READ CHECKSUMS, a vendor-specific command (D5h) by which whoever copied a unit learns what it must have received: the CRC32C of
 * each region, as given out, or else as read now. Offered only by units whose content is final; all others refuse the operation
 * code, as a target would that does not know it.
 *
 * <pre>
 * CDB     byte 0: D5h · 1: service action 0 · 2–9: first region · 10–13: allocation length · 15: control
 * answer  bytes 0–3: region size in bytes · 4–7: how many sums follow · 8–15: regions of the unit · then 4 bytes a sum
 * </pre>
 *
 * All big-endian. An answer may hold fewer sums than fit: the initiator goes on after the last.
 */
final class ChecksumCommands {
    static final int HEADER_BYTES = 16;
    private static final int SUM_BYTES = 4;

    private static final int MOST_SUMS = 16_384;

    /** What must be read for one answer: so that no answer takes long, and others get their turn. */
    private static final long MOST_READ_BYTES = 32L << 20;

    private ChecksumCommands() {}

    static ScsiResult read(ScsiCommand.ReadChecksums command, LogicalUnit unit) {
        RegionChecksums disk = unit.device().checksums();
        if (disk == null) {
            return ScsiResult.check(Sense.illegalRequest(Sense.INVALID_COMMAND_OPERATION_CODE));
        }
        long first = command.firstRegion();
        if (first < 0 || first >= disk.regions()) {
            return ScsiResult.check(Sense.invalidField(2));
        }
        int room = Math.clamp((command.allocationLength() - HEADER_BYTES) / SUM_BYTES, 0, MOST_SUMS);
        int most = (int) Math.min(room, disk.regions() - first);
        ByteBuffer sums = ByteBuffer.allocate(most * SUM_BYTES);
        try {
            long readBytes = 0;
            for (long region = first; sums.hasRemaining() && readBytes < MOST_READ_BYTES; region++) {
                readBytes += disk.known(region) ? 0 : disk.regionBytes();
                sums.putInt(disk.checksum(region));
            }
        } catch (BlockDeviceException e) {
            return ScsiResult.ofReadFailure(e);
        }
        ByteBuffer answer = ByteBuffer.allocate(HEADER_BYTES + sums.position())
                .putInt(disk.regionBytes())
                .putInt(sums.position() / SUM_BYTES)
                .putLong(disk.regions())
                .put(sums.flip());
        return ScsiResult.parameterData(answer.array(), command.allocationLength());
    }
}
