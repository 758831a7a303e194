package io.sluice.iscsi.scsi;

import static io.sluice.iscsi.scsi.OperationCode.*;

import java.nio.ByteBuffer;

/** Bytes of a CDB to a {@link ScsiCommand}. Pure; accepts any bytes. */
public final class CdbDecoder {
    private CdbDecoder() {}

    /** Decodes position to limit; a descriptor shorter than its command counts as padded with zeros. */
    public static ScsiCommand decode(ByteBuffer descriptor) {
        Cdb cdb = new Cdb(descriptor);
        ScsiCommand command = command(cdb);
        return cdb.wantsContingentAllegiance() && !(command instanceof ScsiCommand.Unsupported)
                ? new ScsiCommand.InvalidField(cdb.controlByte())
                : command;
    }

    /** Whether running the command takes no waiting but for the disk's content that it returns: a READ without FUA. */
    public static boolean onlyReads(ByteBuffer descriptor) {
        if (descriptor.remaining() < 2) {
            return false;
        }
        int start = descriptor.position();
        return switch (descriptor.get(start) & 0xFF) {
            case READ_6 -> true;
            case READ_10, READ_12, READ_16 -> (descriptor.get(start + 1) & MediumCdbs.FUA) == 0;
            default -> false;
        };
    }

    private static ScsiCommand command(Cdb cdb) {
        return switch (cdb.code()) {
            case READ_6, READ_10, READ_12, READ_16 -> MediumCdbs.read(cdb);
            case WRITE_6, WRITE_10, WRITE_12, WRITE_16 -> MediumCdbs.write(cdb);
            case WRITE_AND_VERIFY_10, WRITE_AND_VERIFY_12, WRITE_AND_VERIFY_16 -> MediumCdbs.writeAndVerify(cdb);
            case VERIFY_10, VERIFY_12, VERIFY_16 -> MediumCdbs.verify(cdb);
            case COMPARE_AND_WRITE -> MediumCdbs.compareAndWrite(cdb);
            case ORWRITE_16 -> MediumCdbs.orWrite(cdb);
            case WRITE_SAME_10, WRITE_SAME_16 -> MediumCdbs.writeSame(cdb);
            case UNMAP -> MediumCdbs.unmap(cdb);
            case SYNCHRONIZE_CACHE_10, SYNCHRONIZE_CACHE_16 ->
                new ScsiCommand.SynchronizeCache(cdb.lba(), cdb.blocks());
            case PREFETCH_10, PREFETCH_16 -> new ScsiCommand.Prefetch(cdb.lba(), cdb.blocks());
            case READ_CAPACITY_10 -> new ScsiCommand.ReadCapacity10();
            case SERVICE_ACTION_IN_16 -> serviceActionIn(cdb);
            case READ_DEFECT_DATA_10 ->
                new ScsiCommand.ReadDefectData(10, cdb.unsigned(2) & 0x1F, cdb.unsignedShort(7));
            case READ_DEFECT_DATA_12 -> new ScsiCommand.ReadDefectData(12, cdb.unsigned(1) & 0x1F, cdb.length(6));
            case TEST_UNIT_READY -> new ScsiCommand.TestUnitReady();
            case REQUEST_SENSE -> new ScsiCommand.RequestSense(cdb.has(1, 1), cdb.unsigned(4));
            case INQUIRY -> inquiry(cdb);
            case REPORT_LUNS -> new ScsiCommand.ReportLuns(cdb.unsigned(2), cdb.length(6));
            case MODE_SENSE_6 -> modeSense(cdb, 6, cdb.unsigned(4));
            case MODE_SENSE_10 -> modeSense(cdb, 10, cdb.unsignedShort(7));
            case MODE_SELECT_6 -> modeSelect(cdb, 6, cdb.unsigned(4));
            case MODE_SELECT_10 -> modeSelect(cdb, 10, cdb.unsignedShort(7));
            case START_STOP_UNIT -> startStop(cdb);
            case PREVENT_ALLOW_MEDIUM_REMOVAL -> new ScsiCommand.PreventAllow(cdb.has(4, 0x01));
            case RESERVE_6, RESERVE_10 ->
                wantsMoreThanTheUnit(cdb) ? new ScsiCommand.InvalidField(1) : new ScsiCommand.Reserve();
            case RELEASE_6, RELEASE_10 ->
                wantsMoreThanTheUnit(cdb) ? new ScsiCommand.InvalidField(1) : new ScsiCommand.Release();
            case PERSISTENT_RESERVE_IN ->
                new ScsiCommand.PersistentReserveIn(cdb.serviceAction(), cdb.unsignedShort(7));
            case PERSISTENT_RESERVE_OUT ->
                new ScsiCommand.PersistentReserveOut(
                        cdb.serviceAction(), cdb.unsigned(2) >>> 4, cdb.unsigned(2) & 0x0F, cdb.length(5));
            case THIRD_PARTY_COPY_OUT ->
                cdb.serviceAction() == 0
                        ? new ScsiCommand.ExtendedCopy(cdb.length(10))
                        : new ScsiCommand.InvalidField(1);
            case THIRD_PARTY_COPY_IN ->
                new ScsiCommand.ReceiveCopyResults(cdb.serviceAction(), cdb.unsigned(2), cdb.length(10));
            case MAINTENANCE_IN -> maintenanceIn(cdb);
            case READ_CHECKSUMS ->
                cdb.serviceAction() == 0
                        ? new ScsiCommand.ReadChecksums(cdb.longAt(2), cdb.length(10))
                        : new ScsiCommand.InvalidField(1);
            default -> new ScsiCommand.Unsupported(cdb.code());
        };
    }

    private static ScsiCommand inquiry(Cdb cdb) {
        boolean vitalProductData = cdb.has(1, 1);
        int page = cdb.unsigned(2);
        if (!vitalProductData && page != 0) {
            return new ScsiCommand.InvalidField(2);
        }
        return new ScsiCommand.Inquiry(vitalProductData, page, cdb.unsignedShort(3));
    }

    private static ScsiCommand modeSense(Cdb cdb, int cdbBytes, int allocationLength) {
        return new ScsiCommand.ModeSense(
                cdbBytes,
                cdb.has(1, 0x08),
                cdbBytes == 10 && cdb.has(1, 0x10),
                cdb.unsigned(2) >>> 6,
                cdb.unsigned(2) & 0x3F,
                cdb.unsigned(3),
                allocationLength);
    }

    /** Only pages in the standard's format (PF), and nothing can be saved (SP). */
    private static ScsiCommand modeSelect(Cdb cdb, int cdbBytes, int parameterListLength) {
        boolean standardFormat = cdb.has(1, 0x10);
        boolean save = cdb.has(1, 0x01);
        return save || !standardFormat
                ? new ScsiCommand.InvalidField(1)
                : new ScsiCommand.ModeSelect(cdbBytes, parameterListLength);
    }

    /** SBC-3 §5.25: a power condition, none of which makes a difference here, leaves START and LOEJ without meaning. */
    private static ScsiCommand startStop(Cdb cdb) {
        boolean powerCondition = cdb.has(4, 0xF0);
        return new ScsiCommand.StartStopUnit(!powerCondition && cdb.has(4, 0x02), cdb.has(4, 0x01));
    }

    /** SPC-2 §7.21: reservations of extents and on another's behalf are gone since SPC-2. */
    private static boolean wantsMoreThanTheUnit(Cdb cdb) {
        return cdb.has(1, 0x1F);
    }

    private static ScsiCommand serviceActionIn(Cdb cdb) {
        return switch (cdb.serviceAction()) {
            case SERVICE_READ_CAPACITY_16 -> new ScsiCommand.ReadCapacity16(cdb.length(10));
            case SERVICE_GET_LBA_STATUS -> new ScsiCommand.GetLbaStatus(cdb.longAt(2), cdb.length(10));
            default -> new ScsiCommand.InvalidField(1);
        };
    }

    private static ScsiCommand maintenanceIn(Cdb cdb) {
        return switch (cdb.serviceAction()) {
            case SERVICE_REPORT_TARGET_PORT_GROUPS -> {
                int format = cdb.unsigned(1) >>> 5;
                yield format > 1
                        ? new ScsiCommand.InvalidField(1)
                        : new ScsiCommand.ReportTargetPortGroups(format == 1, cdb.length(6));
            }
            case SERVICE_REPORT_SUPPORTED_OPERATION_CODES ->
                new ScsiCommand.ReportSupportedOperationCodes(
                        cdb.has(2, 0x80), cdb.unsigned(2) & 0x07, cdb.unsigned(3), cdb.unsignedShort(4), cdb.length(6));
            case SERVICE_REPORT_SUPPORTED_TASK_MANAGEMENT ->
                new ScsiCommand.ReportSupportedTaskManagement(cdb.has(2, 0x80), cdb.length(6));
            default -> new ScsiCommand.InvalidField(1);
        };
    }
}
