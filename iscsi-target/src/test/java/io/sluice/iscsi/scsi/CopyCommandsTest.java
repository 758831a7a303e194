package io.sluice.iscsi.scsi;

import static io.sluice.iscsi.scsi.OneUnit.BLOCKS;
import static io.sluice.iscsi.scsi.OneUnit.filled;
import static io.sluice.iscsi.scsi.OneUnit.joined;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** EXTENDED COPY and RECEIVE COPY RESULTS (SPC-4 §6.5, §6.22, §6.25). */
class CopyCommandsTest {
    private static final int COPY_ABORTED = 0xA;

    private final OneUnit unit = new OneUnit();

    @Test
    void blocksAreCopiedAndTheOutcomeIsKept() {
        unit.fill(10, 4, 'c');
        copy(list(1, segment(10, 100, 4)));
        assertThat(unit.content(100, 4)).isEqualTo(filled(4, 'c'));
        ByteBuffer status = ByteBuffer.wrap(unit.good(new ScsiCommand.ReceiveCopyResults(0, 1, 64)));
        assertThat(status.get(4)).as("completed").isEqualTo((byte) 1);
        assertThat(status.getShort(5)).isEqualTo((short) 1);
        assertThat(status.getInt(8)).isEqualTo(4 * OneUnit.BLOCK);
        assertThat(unit.sense(new ScsiCommand.ReceiveCopyResults(0, 2, 64), new byte[0]))
                .isEqualTo(Sense.invalidField(2));
    }

    @Test
    void overlappingCopiesReadBeforeTheyOverwrite() {
        byte[] content = new byte[BLOCKS / 2 * OneUnit.BLOCK];
        for (int i = 0; i < content.length; i++) {
            content[i] = (byte) (i >>> 9);
        }
        unit.disk.write(0, ByteBuffer.wrap(content));
        copy(list(1, segment(0, 3, BLOCKS / 2)));
        assertThat(unit.content(3, BLOCKS / 2)).isEqualTo(content);
        copy(list(1, segment(3, 1, BLOCKS / 2)));
        assertThat(unit.content(1, BLOCKS / 2)).isEqualTo(content);
    }

    @Test
    void whatCannotBeReachedAbortsTheCopyBeforeItBegins() {
        unit.fill(10, 4, 'c');
        byte[] beyond = joined(segment(10, 100, 4), segment(0, BLOCKS - 1, 2));
        assertThat(refused(list(1, beyond)).key()).isEqualTo(COPY_ABORTED);
        assertThat(unit.content(100, 4)).isEqualTo(filled(4, 0));
        byte[] elsewhere = segment(10, 100, 4);
        elsewhere[7] = 1; // a second device that is not listed
        assertThat(refused(list(1, elsewhere)).key()).isEqualTo(COPY_ABORTED);
        byte[] stranger = list(1, segment(10, 100, 4));
        stranger[CopyList.HEADER_BYTES + 8] ^= 1;
        assertThat(refused(stranger).key()).isEqualTo(COPY_ABORTED);
    }

    @Test
    void listsThatSayTooMuchAreRefused() {
        byte[] whole = list(1, segment(10, 100, 4));
        assertThat(refused(Arrays.copyOf(whole, whole.length - 1)).code()).isEqualTo(Sense.PARAMETER_LIST_LENGTH_ERROR);
        byte[] segments = new byte[0];
        for (int i = 0; i <= CopyList.MAX_SEGMENTS; i++) {
            segments = joined(segments, segment(i, 100, 1));
        }
        assertThat(refused(list(1, segments)).code()).as("too many segments").isEqualTo(0x2608);
        byte[] otherDevice = list(1, segment(10, 100, 4));
        otherDevice[CopyList.HEADER_BYTES] = (byte) 0xE0;
        assertThat(refused(otherDevice).code()).isEqualTo(0x2607);
        byte[] stream = segment(10, 100, 4);
        stream[0] = 3;
        assertThat(refused(list(1, stream)).code()).isEqualTo(0x2609);
        unit.good(new ScsiCommand.ExtendedCopy(0));
    }

    @Test
    void theParametersAreToldInBothPlaces() {
        ByteBuffer parameters = ByteBuffer.wrap(unit.good(new ScsiCommand.ReceiveCopyResults(3, 0, 255)));
        assertThat(parameters.getInt(0)).isEqualTo(parameters.capacity() - 4);
        assertThat(parameters.getShort(8)).isEqualTo((short) CopyList.MAX_DEVICES);
        assertThat(parameters.getShort(10)).isEqualTo((short) CopyList.MAX_SEGMENTS);
        ByteBuffer page = ByteBuffer.wrap(unit.good(new ScsiCommand.Inquiry(true, 0x8F, 255)));
        assertThat(page.getShort(2)).isEqualTo((short) (page.capacity() - 4));
        for (int at = 4; at < page.capacity(); at += 4 + page.getShort(at + 2)) {
            assertThat(page.getShort(at + 2)).as("descriptor at %d", at).isPositive();
        }
    }

    private void copy(byte[] list) {
        unit.good(new ScsiCommand.ExtendedCopy(list.length), list);
    }

    private Sense refused(byte[] list) {
        return unit.sense(new ScsiCommand.ExtendedCopy(list.length), list);
    }

    /** A list with the unit itself as its only device, named as VPD page 83h does. */
    private byte[] list(int identifier, byte[] segments) {
        byte[] page = unit.good(new ScsiCommand.Inquiry(true, 0x83, 255));
        ByteBuffer list = ByteBuffer.allocate(CopyList.HEADER_BYTES + CopyList.DEVICE_BYTES);
        list.put(0, (byte) identifier)
                .putShort(2, (short) CopyList.DEVICE_BYTES)
                .putInt(8, segments.length);
        int at = CopyList.HEADER_BYTES;
        list.put(at, CopyList.IDENTIFICATION_DESCRIPTOR).put(at + 4, page[4]).put(at + 5, page[5]);
        list.put(at + 7, page[7]).put(at + 8, page, 8, page[7]);
        return joined(list.array(), segments);
    }

    private static byte[] segment(long from, long to, int blocks) {
        return ByteBuffer.allocate(CopyList.SEGMENT_BYTES)
                .put(0, CopyList.BLOCK_TO_BLOCK)
                .putShort(2, (short) (CopyList.SEGMENT_BYTES - 4))
                .putShort(10, (short) blocks)
                .putLong(12, from)
                .putLong(20, to)
                .array();
    }
}
