package io.sluice.iscsi.scsi;

import io.sluice.iscsi.block.BlockDevice;
import io.sluice.iscsi.block.BlockDeviceException;
import io.sluice.iscsi.block.Extent;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** UNMAP, WRITE SAME and GET LBA STATUS (SBC-3 §4.7: logical block provisioning). */
final class ProvisioningCommands {
    private static final int UNMAP_HEADER_BYTES = 8;
    private static final int DESCRIPTOR_BYTES = 16;
    private static final int STATUS_HEADER_BYTES = 8;

    /** One answer of GET LBA STATUS stays within 64 KiB however fragmented the disk. */
    private static final int MAX_STATUS_DESCRIPTORS = 4095;

    private static final int PATTERN_BYTES = 1 << 20;

    private ProvisioningCommands() {}

    /** All descriptors are checked before the first one takes effect. */
    static ScsiResult unmap(ScsiCommand.Unmap command, LogicalUnit unit, ByteBuffer dataOut) {
        int listBytes = command.parameterListLength();
        if (listBytes == 0) {
            return ScsiResult.good();
        }
        if (listBytes < UNMAP_HEADER_BYTES || dataOut.remaining() < listBytes) {
            return ScsiResult.check(Sense.illegalRequest(Sense.PARAMETER_LIST_LENGTH_ERROR));
        }
        ByteBuffer list = dataOut.slice(dataOut.position(), listBytes);
        int descriptors = Math.min(list.getShort(2) & 0xFFFF, listBytes - UNMAP_HEADER_BYTES) / DESCRIPTOR_BYTES;
        BlockLimits limits = BlockLimits.served(unit.device().blockBytes());
        if (descriptors > limits.maxUnmapDescriptors()) {
            return ScsiResult.check(Sense.illegalRequest(Sense.INVALID_FIELD_IN_PARAMETER_LIST));
        }
        List<Extent> ranges = new ArrayList<>();
        long total = 0;
        for (int i = 0; i < descriptors; i++) {
            int at = UNMAP_HEADER_BYTES + i * DESCRIPTOR_BYTES;
            long lba = list.getLong(at);
            long blocks = list.getInt(at + 8) & 0xFFFF_FFFFL;
            ScsiResult refused = MediumCommands.refuseRange(lba, blocks, unit);
            if (refused != null) {
                return refused;
            }
            total += blocks;
            ranges.add(new Extent(
                    lba * unit.device().blockBytes(), blocks * unit.device().blockBytes(), false));
        }
        if (total > limits.maxUnmap()) {
            return ScsiResult.check(Sense.illegalRequest(Sense.INVALID_FIELD_IN_PARAMETER_LIST));
        }
        try {
            for (Extent range : ranges) {
                unit.device().unmap(range.offset(), range.lengthBytes());
            }
        } catch (BlockDeviceException e) {
            return ScsiResult.ofFailure(e, Sense.WRITE_ERROR);
        }
        return ScsiResult.goodAfter(listBytes);
    }

    static ScsiResult writeSame(ScsiCommand.WriteSame command, LogicalUnit unit, ByteBuffer dataOut) {
        int blockBytes = unit.device().blockBytes();
        ScsiResult refused = MediumCommands.refuseRange(command.lba(), command.blocks(), unit);
        if (refused != null) {
            return refused;
        }
        long blocks = command.blocks();
        if (blocks == 0 || blocks > BlockLimits.served(blockBytes).maxWriteSame()) {
            return ScsiResult.check(Sense.illegalRequest(Sense.INVALID_FIELD_IN_CDB));
        }
        if (dataOut.remaining() != (command.noData() ? 0 : blockBytes)) {
            return ScsiResult.check(Sense.illegalRequest(Sense.INVALID_FIELD_IN_CDB));
        }
        ByteBuffer block =
                command.noData() ? ByteBuffer.allocate(blockBytes) : dataOut.slice(dataOut.position(), blockBytes);
        try {
            fill(unit.device(), command.lba() * blockBytes, blocks * blockBytes, command.unmap(), block);
        } catch (BlockDeviceException e) {
            return ScsiResult.ofFailure(e, Sense.WRITE_ERROR);
        }
        return ScsiResult.goodAfter(command.noData() ? 0 : blockBytes);
    }

    /** Unmapped blocks read zero (LBPRZ), so only a pattern of zeros may be unmapped (SBC-3 §5.43). */
    private static void fill(BlockDevice device, long offset, long length, boolean unmap, ByteBuffer block) {
        if (unmap && isZero(block)) {
            device.unmap(offset, length);
            return;
        }
        ByteBuffer pattern = ByteBuffer.allocate((int) Math.min(PATTERN_BYTES, length));
        while (pattern.hasRemaining()) {
            pattern.put(block.duplicate());
        }
        for (long done = 0; done < length; done += pattern.limit()) {
            device.write(offset + done, pattern.clear().limit((int) Math.min(pattern.capacity(), length - done)));
        }
    }

    /** As many descriptors as fit the allocation length; the initiator goes on after the last (SBC-3 §5.4). */
    static ScsiResult lbaStatus(ScsiCommand.GetLbaStatus command, LogicalUnit unit) {
        BlockDevice device = unit.device();
        if (command.lba() < 0 || command.lba() >= MediumCommands.blocks(unit)) {
            return ScsiResult.check(Sense.lbaOutOfRange(command.lba()));
        }
        int room = (command.allocationLength() - STATUS_HEADER_BYTES) / DESCRIPTOR_BYTES;
        int most = Math.clamp(room, 1, MAX_STATUS_DESCRIPTORS);
        List<Extent> extents = new ArrayList<>();
        try {
            for (long at = command.lba() * device.blockBytes(); at < device.sizeBytes() && extents.size() < most; ) {
                Extent extent = limited(device.extentAt(at), device.blockBytes());
                extents.add(extent);
                at = extent.end();
            }
        } catch (BlockDeviceException e) {
            return ScsiResult.ofReadFailure(e);
        }
        ByteBuffer data = ByteBuffer.allocate(STATUS_HEADER_BYTES + DESCRIPTOR_BYTES * extents.size());
        data.putInt(data.capacity() - 4).putInt(0);
        for (Extent extent : extents) {
            data.putLong(extent.offset() / device.blockBytes());
            data.putInt((int) (extent.lengthBytes() / device.blockBytes()));
            data.put((byte) (extent.allocated() ? 0 : 1)).put((byte) 0).putShort((short) 0);
        }
        return ScsiResult.parameterData(data.array(), command.allocationLength());
    }

    /** A descriptor counts blocks in 32 bits. */
    private static Extent limited(Extent extent, int blockBytes) {
        return new Extent(
                extent.offset(), Math.min(extent.lengthBytes(), 0xFFFF_FFFFL * blockBytes), extent.allocated());
    }

    private static boolean isZero(ByteBuffer block) {
        return block.equals(ByteBuffer.allocate(block.remaining()));
    }
}
