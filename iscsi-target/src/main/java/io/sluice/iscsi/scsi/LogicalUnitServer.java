package io.sluice.iscsi.scsi;

import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Runs SCSI commands against a target's logical units (the device server of SAM-5). Immutable and safe from many threads at once;
 * calls block as the disks do, so they belong on virtual threads. Any CDB and any data are answered, never thrown at.
 */
public final class LogicalUnitServer {
    private static final int REPORT_LUNS_MAX_SELECT = 2;
    private static final int WELL_KNOWN_ONLY = 1;

    private final List<LogicalUnit> units;

    public LogicalUnitServer(List<LogicalUnit> units) {
        this.units = List.copyOf(units);
    }

    /**
     * Runs one command to its end.
     *
     * @param lun the eight-byte LUN field of the request
     * @param cdb the command descriptor block, position to limit
     * @param dataOut what the initiator sent, position to limit; empty for a command without data-out. Where it is shorter than the
     *     command wants, a write stores the whole blocks that came
     */
    public ScsiResult execute(long lun, ByteBuffer cdb, ByteBuffer dataOut) {
        ScsiCommand command = CdbDecoder.decode(cdb);
        int index = Lun.decode(lun);
        LogicalUnit unit = index >= 0 && index < units.size() ? units.get(index) : null;
        if (command instanceof ScsiCommand.ReportLuns reportLuns) {
            return reportLuns(reportLuns); // answered at every LUN (SPC-4 §6.33)
        }
        return unit == null ? withoutUnit(command) : onUnit(command, unit, dataOut);
    }

    /** SPC-4 §6.6.1 and §6.39: INQUIRY and REQUEST SENSE work where there is no unit; all else is refused. */
    private static ScsiResult withoutUnit(ScsiCommand command) {
        Sense absent = Sense.illegalRequest(Sense.LOGICAL_UNIT_NOT_SUPPORTED);
        if (command instanceof ScsiCommand.Inquiry inquiry && !inquiry.vitalProductData()) {
            return ScsiResult.parameterData(InquiryPages.standard(false), inquiry.allocationLength());
        }
        if (command instanceof ScsiCommand.RequestSense request && !request.descriptorFormat()) {
            return ScsiResult.parameterData(absent.encode(), request.allocationLength());
        }
        return ScsiResult.check(absent);
    }

    private static ScsiResult onUnit(ScsiCommand command, LogicalUnit unit, ByteBuffer dataOut) {
        return switch (command) {
            case ScsiCommand.Inquiry inquiry -> inquiry(inquiry, unit);
            case ScsiCommand.TestUnitReady always -> ScsiResult.good();
            case ScsiCommand.StartStopUnit always -> ScsiResult.good();
            case ScsiCommand.RequestSense request ->
                request.descriptorFormat()
                        ? ScsiResult.check(Sense.invalidField(1))
                        : ScsiResult.parameterData(Sense.NONE.encode(), request.allocationLength());
            case ScsiCommand.ModeSense modeSense -> modeSense(modeSense, unit);
            case ScsiCommand.ReadCapacity10 always -> readCapacity10(unit);
            case ScsiCommand.ReadCapacity16 request ->
                ScsiResult.parameterData(capacity16(unit), request.allocationLength());
            case ScsiCommand.ReportLuns reportLuns ->
                throw new IllegalStateException("answered for the target as a whole: " + reportLuns);
            case ScsiCommand.Read read -> MediumCommands.read(read, unit);
            case ScsiCommand.Write write -> MediumCommands.write(write, unit, dataOut);
            case ScsiCommand.Verify verify -> MediumCommands.verify(verify, unit);
            case ScsiCommand.SynchronizeCache synchronize -> MediumCommands.synchronize(synchronize, unit);
            case ScsiCommand.Unmap unmap -> ProvisioningCommands.unmap(unmap, unit, dataOut);
            case ScsiCommand.WriteSame writeSame -> ProvisioningCommands.writeSame(writeSame, unit, dataOut);
            case ScsiCommand.GetLbaStatus status -> ProvisioningCommands.lbaStatus(status, unit);
            case ScsiCommand.Unsupported unknown ->
                ScsiResult.check(Sense.illegalRequest(Sense.INVALID_COMMAND_OPERATION_CODE));
            case ScsiCommand.InvalidField invalid -> ScsiResult.check(Sense.invalidField(invalid.cdbByte()));
        };
    }

    private ScsiResult reportLuns(ScsiCommand.ReportLuns command) {
        if (command.select() > REPORT_LUNS_MAX_SELECT) {
            return ScsiResult.check(Sense.invalidField(2));
        }
        int count = command.select() == WELL_KNOWN_ONLY ? 0 : units.size();
        ByteBuffer list = ByteBuffer.allocate(8 + 8 * count).putInt(8 * count).putInt(0);
        for (int lun = 0; lun < count; lun++) {
            list.putLong(Lun.encode(lun));
        }
        return ScsiResult.parameterData(list.array(), command.allocationLength());
    }

    private static ScsiResult inquiry(ScsiCommand.Inquiry command, LogicalUnit unit) {
        byte[] data = command.vitalProductData() ? vitalProductData(command.page(), unit) : InquiryPages.standard(true);
        return data == null
                ? ScsiResult.check(Sense.invalidField(2))
                : ScsiResult.parameterData(data, command.allocationLength());
    }

    private static byte @Nullable [] vitalProductData(int page, LogicalUnit unit) {
        return switch (page) {
            case InquiryPages.SUPPORTED_PAGES -> InquiryPages.supportedPages();
            case InquiryPages.UNIT_SERIAL_NUMBER -> InquiryPages.serialNumber(unit);
            case InquiryPages.DEVICE_IDENTIFICATION -> InquiryPages.deviceIdentification(unit);
            case InquiryPages.BLOCK_LIMITS ->
                BlockLimits.served(unit.device().blockBytes()).encode();
            case InquiryPages.BLOCK_DEVICE_CHARACTERISTICS -> InquiryPages.blockDeviceCharacteristics();
            case InquiryPages.LOGICAL_BLOCK_PROVISIONING -> InquiryPages.logicalBlockProvisioning();
            default -> null;
        };
    }

    private static ScsiResult modeSense(ScsiCommand.ModeSense command, LogicalUnit unit) {
        if (command.control() == 3) {
            return ScsiResult.check(Sense.illegalRequest(Sense.SAVING_PARAMETERS_NOT_SUPPORTED));
        }
        byte[] data = ModePages.modeData(command, unit);
        return data == null
                ? ScsiResult.check(Sense.invalidField(2))
                : ScsiResult.parameterData(data, command.allocationLength());
    }

    /** SBC-3 §5.15; a disk too large for 32 bits says so with all ones. */
    private static ScsiResult readCapacity10(LogicalUnit unit) {
        long last = MediumCommands.blocks(unit) - 1;
        byte[] data = ByteBuffer.allocate(8)
                .putInt((int) Math.min(last, 0xFFFF_FFFFL))
                .putInt(unit.device().blockBytes())
                .array();
        return ScsiResult.parameterData(data, data.length);
    }

    /** SBC-3 §5.16. */
    private static byte[] capacity16(LogicalUnit unit) {
        int blockBytes = unit.device().blockBytes();
        ByteBuffer data = ByteBuffer.allocate(32);
        data.putLong(MediumCommands.blocks(unit) - 1).putInt(blockBytes);
        data.put(13, (byte) (blockBytes == 512 ? 3 : 0)); // physical blocks of 4096 bytes
        data.put(14, (byte) 0xC0); // LBPME, LBPRZ
        return data.array();
    }
}
