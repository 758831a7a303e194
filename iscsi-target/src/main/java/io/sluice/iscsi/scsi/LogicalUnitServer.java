package io.sluice.iscsi.scsi;

import io.sluice.iscsi.block.BlockDevice;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Runs SCSI commands against a target's logical units (the device server of SAM-5). Safe from many threads at once; calls block as
 * the disks do, so they belong on virtual threads. Any CDB and any data are answered, never thrown at. What commands leave behind
 * (unit attentions, reservations) lives here, for as long as the target is served.
 */
public final class LogicalUnitServer {
    private static final int REPORT_LUNS_MAX_SELECT = 2;
    private static final int WELL_KNOWN_ONLY = 1;

    private final List<Unit> units;
    private final Map<InitiatorPort, Nexus> nexuses = new ConcurrentHashMap<>();

    public LogicalUnitServer(List<LogicalUnit> units) {
        List<Unit> served = new ArrayList<>();
        for (LogicalUnit unit : units) {
            served.add(new Unit(served.size(), unit, nexuses.values()));
        }
        this.units = List.copyOf(served);
    }

    /**
     * An initiator port has logged in: every unit will first tell it that it may find things changed. What it had from an earlier
     * session is lost.
     */
    public Nexus establish(InitiatorPort port, CommandAborter aborter) {
        Nexus nexus = new Nexus(port, aborter, units.size());
        for (Unit unit : units) {
            nexus.post(unit.lun(), UnitAttention.POWER_ON_OR_RESET);
        }
        nexuses.put(port, nexus);
        return nexus;
    }

    /** The session is over (SAM-5 §6.3.4: I_T nexus loss). Harmless when repeated, and when the port is back already. */
    public void lose(Nexus nexus) {
        nexuses.remove(nexus.port(), nexus);
    }

    /** Logical unit reset; see {@link #resetAll}. A LUN that is not there is harmless. */
    public void reset(Nexus from, int lun) {
        if (lun >= 0 && lun < units.size()) {
            units.get(lun).reset(from);
        }
    }

    /** Target reset: all units are. Waits for the writes on the disks; resetting twice only resets twice. */
    public void resetAll(Nexus from) {
        units.forEach(unit -> unit.reset(from));
    }

    /** What is behind a LUN now. */
    public LogicalUnit unit(int lun) {
        return units.get(lun).definition();
    }

    /** Puts another disk behind a LUN. The caller sees to it that no command is on the old one and that they hold the same. */
    public void replace(int lun, BlockDevice device) {
        Unit unit = units.get(lun);
        LogicalUnit old = unit.definition();
        unit.replace(new LogicalUnit(device, old.serial(), old.readOnly()));
    }

    /**
     * Runs one command to its end.
     *
     * @param nexus whose command it is, from {@link #establish}
     * @param lun the eight-byte LUN field of the request
     * @param cdb the command descriptor block, position to limit
     * @param dataOut what the initiator sent, position to limit; empty for a command without data-out. Where it is shorter than the
     *     command wants, a write stores the whole blocks that came
     */
    public ScsiResult execute(Nexus nexus, long lun, ByteBuffer cdb, ByteBuffer dataOut) {
        ScsiCommand command = CdbDecoder.decode(cdb);
        int index = Lun.decode(lun);
        if (command instanceof ScsiCommand.ReportLuns reportLuns) {
            return reportLuns(reportLuns); // answered at every LUN (SPC-4 §6.33)
        }
        if (index < 0 || index >= units.size()) {
            return withoutUnit(command);
        }
        Unit unit = units.get(index);
        if (nexus.attentive(index)) {
            ScsiResult attention = attention(command, nexus, index);
            if (attention != null) {
                return attention;
            }
        }
        return onUnit(command, unit.definition(), dataOut);
    }

    /** SAM-5 §5.14.1: INQUIRY never reports a unit attention, REQUEST SENSE hands it out as data, all else is not run. */
    private static @Nullable ScsiResult attention(ScsiCommand command, Nexus nexus, int lun) {
        if (command instanceof ScsiCommand.Inquiry) {
            return null;
        }
        UnitAttention attention = nexus.take(lun);
        if (attention == null) {
            return null;
        }
        return command instanceof ScsiCommand.RequestSense request && !request.descriptorFormat()
                ? ScsiResult.parameterData(attention.sense().encode(), request.allocationLength())
                : ScsiResult.check(attention.sense());
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
