package io.sluice.iscsi.scsi;

import static io.sluice.iscsi.scsi.OperationCode.*;

import java.nio.ByteBuffer;

/** A {@link ScsiCommand} to the 16 bytes that the initiator sends; always the 16-byte form where there is one. */
public final class CdbEncoder {
    private static final int CDB_BYTES = 16;

    private CdbEncoder() {}

    public static byte[] encode(ScsiCommand command) {
        ByteBuffer cdb = ByteBuffer.allocate(CDB_BYTES);
        switch (command) {
            case ScsiCommand.TestUnitReady none -> cdb.put((byte) TEST_UNIT_READY);
            case ScsiCommand.StartStopUnit c ->
                cdb.put((byte) START_STOP_UNIT).put(4, (byte) (flag(c.loadOrEject(), 2) | flag(c.start(), 1)));
            case ScsiCommand.ReadCapacity10 none -> cdb.put((byte) READ_CAPACITY_10);
            case ScsiCommand.RequestSense c ->
                cdb.put((byte) REQUEST_SENSE)
                        .put((byte) flag(c.descriptorFormat(), 1))
                        .put(4, (byte) c.allocationLength());
            case ScsiCommand.Inquiry c ->
                cdb.put((byte) INQUIRY)
                        .put((byte) flag(c.vitalProductData(), 1))
                        .put((byte) c.page())
                        .putShort((short) c.allocationLength());
            case ScsiCommand.ReportLuns c ->
                cdb.put((byte) REPORT_LUNS).put(2, (byte) c.select()).putInt(6, c.allocationLength());
            case ScsiCommand.ModeSense c -> modeSense(cdb, c);
            case ScsiCommand.ReadCapacity16 c ->
                cdb.put((byte) SERVICE_ACTION_IN_16)
                        .put((byte) SERVICE_READ_CAPACITY_16)
                        .putInt(10, c.allocationLength());
            case ScsiCommand.GetLbaStatus c ->
                cdb.put((byte) SERVICE_ACTION_IN_16)
                        .put((byte) SERVICE_GET_LBA_STATUS)
                        .putLong(c.lba())
                        .putInt(c.allocationLength());
            case ScsiCommand.Read c -> medium(cdb, READ_16, flag(c.forceUnitAccess(), 8), c.lba(), c.blocks());
            case ScsiCommand.Write c -> medium(cdb, WRITE_16, flag(c.forceUnitAccess(), 8), c.lba(), c.blocks());
            case ScsiCommand.Verify c -> medium(cdb, VERIFY_16, byteCheck(c.check()), c.lba(), c.blocks());
            case ScsiCommand.WriteAndVerify c ->
                medium(cdb, WRITE_AND_VERIFY_16, byteCheck(c.check()), c.lba(), c.blocks());
            case ScsiCommand.CompareAndWrite c ->
                cdb.put((byte) COMPARE_AND_WRITE)
                        .put((byte) flag(c.forceUnitAccess(), 8))
                        .putLong(c.lba())
                        .put(13, (byte) c.blocks());
            case ScsiCommand.OrWrite c -> medium(cdb, ORWRITE_16, flag(c.forceUnitAccess(), 8), c.lba(), c.blocks());
            case ScsiCommand.Prefetch c -> medium(cdb, PREFETCH_16, 0, c.lba(), c.blocks());
            case ScsiCommand.SynchronizeCache c -> medium(cdb, SYNCHRONIZE_CACHE_16, 0, c.lba(), c.blocks());
            case ScsiCommand.WriteSame c ->
                medium(cdb, WRITE_SAME_16, flag(c.unmap(), 8) | flag(c.noData(), 1), c.lba(), c.blocks());
            case ScsiCommand.Unmap c -> cdb.put((byte) UNMAP).putShort(7, (short) c.parameterListLength());
            case ScsiCommand.PreventAllow c ->
                cdb.put((byte) PREVENT_ALLOW_MEDIUM_REMOVAL).put(4, (byte) flag(c.prevent(), 1));
            case ScsiCommand.ExtendedCopy c ->
                cdb.put((byte) THIRD_PARTY_COPY_OUT).putInt(10, c.parameterListLength());
            case ScsiCommand.ReceiveCopyResults c ->
                cdb.put((byte) THIRD_PARTY_COPY_IN)
                        .put((byte) c.serviceAction())
                        .put((byte) c.listIdentifier())
                        .putInt(10, c.allocationLength());
            case ScsiCommand.Reserve always -> cdb.put((byte) RESERVE_6);
            case ScsiCommand.Release always -> cdb.put((byte) RELEASE_6);
            case ScsiCommand.ModeSelect c -> modeSelect(cdb, c);
            case ScsiCommand.ReadDefectData c -> readDefectData(cdb, c);
            case ScsiCommand.PersistentReserveIn c ->
                cdb.put((byte) PERSISTENT_RESERVE_IN)
                        .put((byte) c.serviceAction())
                        .putShort(7, (short) c.allocationLength());
            case ScsiCommand.PersistentReserveOut c ->
                cdb.put((byte) PERSISTENT_RESERVE_OUT)
                        .put((byte) c.serviceAction())
                        .put((byte) (c.scope() << 4 | c.type()))
                        .putInt(5, c.parameterListLength());
            case ScsiCommand.ReportTargetPortGroups c ->
                maintenance(
                        cdb, SERVICE_REPORT_TARGET_PORT_GROUPS | flag(c.extendedHeader(), 0x20), c.allocationLength());
            case ScsiCommand.ReportSupportedTaskManagement c ->
                maintenance(cdb, SERVICE_REPORT_SUPPORTED_TASK_MANAGEMENT, c.allocationLength())
                        .put(2, (byte) flag(c.extended(), 0x80));
            case ScsiCommand.ReportSupportedOperationCodes c ->
                maintenance(cdb, SERVICE_REPORT_SUPPORTED_OPERATION_CODES, c.allocationLength())
                        .put(2, (byte) (flag(c.timeouts(), 0x80) | c.option()))
                        .put(3, (byte) c.operationCode())
                        .putShort(4, (short) c.serviceAction());
            case ScsiCommand.ReadChecksums c ->
                cdb.put((byte) READ_CHECKSUMS)
                        .put((byte) 0)
                        .putLong(c.firstRegion())
                        .putInt(c.allocationLength());
            case ScsiCommand.Unsupported c -> cdb.put((byte) c.operationCode());
            case ScsiCommand.InvalidField c ->
                throw new IllegalArgumentException("a command with an invalid field has no bytes: " + c);
        }
        return cdb.array();
    }

    private static void modeSense(ByteBuffer cdb, ScsiCommand.ModeSense command) {
        boolean six = command.cdbBytes() == 6;
        cdb.put((byte) (six ? MODE_SENSE_6 : MODE_SENSE_10));
        cdb.put((byte) (flag(command.omitBlockDescriptors(), 0x08) | flag(command.longBlockDescriptor(), 0x10)));
        cdb.put((byte) (command.control() << 6 | command.page())).put((byte) command.subpage());
        if (six) {
            cdb.put(4, (byte) command.allocationLength());
        } else {
            cdb.putShort(7, (short) command.allocationLength());
        }
    }

    private static void modeSelect(ByteBuffer cdb, ScsiCommand.ModeSelect command) {
        if (command.cdbBytes() == 6) {
            cdb.put((byte) MODE_SELECT_6).put((byte) 0x10).put(4, (byte) command.parameterListLength());
        } else {
            cdb.put((byte) MODE_SELECT_10).put((byte) 0x10).putShort(7, (short) command.parameterListLength());
        }
    }

    private static void readDefectData(ByteBuffer cdb, ScsiCommand.ReadDefectData command) {
        if (command.cdbBytes() == 10) {
            cdb.put((byte) READ_DEFECT_DATA_10).put(2, (byte) command.format());
            cdb.putShort(7, (short) command.allocationLength());
        } else {
            cdb.put((byte) READ_DEFECT_DATA_12).put((byte) command.format()).putInt(6, command.allocationLength());
        }
    }

    private static ByteBuffer maintenance(ByteBuffer cdb, int secondByte, int allocationLength) {
        return cdb.put((byte) MAINTENANCE_IN).put((byte) secondByte).putInt(6, allocationLength);
    }

    private static int byteCheck(ScsiCommand.ByteCheck check) {
        return switch (check) {
            case MEDIUM -> 0;
            case DATA_OUT -> 0x02;
            case ONE_BLOCK -> 0x06;
        };
    }

    private static void medium(ByteBuffer cdb, int code, int flags, long lba, long blocks) {
        cdb.put((byte) code).put((byte) flags).putLong(lba).putInt((int) blocks);
    }

    private static int flag(boolean set, int mask) {
        return set ? mask : 0;
    }
}
