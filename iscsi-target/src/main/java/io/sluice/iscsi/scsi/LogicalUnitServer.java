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

    /** Units whose registrations end with this server. */
    public LogicalUnitServer(List<LogicalUnit> units) {
        this(units, ReservationStore.NONE);
    }

    /** @throws IllegalStateException when what the store keeps for a unit cannot be read */
    public LogicalUnitServer(List<LogicalUnit> units, ReservationStore store) {
        List<Unit> served = new ArrayList<>();
        for (LogicalUnit unit : units) {
            served.add(new Unit(served.size(), unit, nexuses.values(), store));
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
        if (nexuses.put(port, nexus) != null) {
            units.forEach(unit -> unit.lost(port));
        }
        return nexus;
    }

    /**
     * The session of an initiator port goes on over another connection (RFC 7143 §6.3.4): what units have to tell it and what it
     * has reserved stays. For the nexus from before {@link #lose} is then harmless.
     */
    public Nexus resume(InitiatorPort port, CommandAborter aborter) {
        Nexus before = nexuses.get(port);
        if (before == null) {
            return establish(port, aborter);
        }
        Nexus nexus = before.over(aborter);
        nexuses.put(port, nexus);
        return nexus;
    }

    /** The session is over (SAM-5 §6.3.4: I_T nexus loss). Harmless when repeated, and when the port is back already. */
    public void lose(Nexus nexus) {
        if (nexuses.remove(nexus.port(), nexus)) {
            units.forEach(unit -> unit.lost(nexus.port()));
        }
    }

    /** Logical unit reset; see {@link #resetAll}. A LUN that is not there is harmless. */
    public void reset(Nexus from, int lun) {
        if (lun >= 0 && lun < units.size()) {
            units.get(lun).reset(from);
        }
    }

    /** CLEAR TASK SET: the commands of all other sessions end too, with TASK ABORTED. A LUN that is not there is harmless. */
    public void clear(Nexus from, int lun) {
        if (lun >= 0 && lun < units.size()) {
            units.get(lun).clear(from);
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
        unit.replace(unit.definition().on(device));
    }

    /** Runs one command that is issued just now. */
    public ScsiResult execute(Nexus nexus, long lun, ByteBuffer cdb, ByteBuffer dataOut) {
        return execute(nexus, nexus.issue(lun), lun, cdb, dataOut);
    }

    /**
     * Runs one command to its end.
     *
     * @param nexus whose command it is, from {@link #establish}
     * @param issued what {@link Nexus#issue} gave when the command came in: if the unit was reset by another since, it writes nothing
     * @param lun the eight-byte LUN field of the request
     * @param cdb the command descriptor block, position to limit
     * @param dataOut what the initiator sent, position to limit; empty for a command without data-out. Where it is shorter than the
     *     command wants, a write stores the whole blocks that came
     */
    public ScsiResult execute(Nexus nexus, int issued, long lun, ByteBuffer cdb, ByteBuffer dataOut) {
        ScsiCommand command = CdbDecoder.decode(cdb);
        int index = Lun.decode(lun);
        if (command instanceof ScsiCommand.ReportLuns reportLuns) {
            return reportLuns(reportLuns); // answered at every LUN (SPC-4 §6.33)
        }
        if (index < 0 || index >= units.size()) {
            return withoutUnit(command);
        }
        Unit unit = units.get(index);
        if (nexus.attentive(index) || unit.restricted()) {
            ScsiResult refused = refusal(command, unit, nexus);
            if (refused != null) {
                return refused;
            }
        }
        return UnitCommands.run(command, unit, nexus, issued, dataOut);
    }

    /**
     * What keeps a command from being run: another's reservation before a unit attention (SAM-5 §5.3.3), which INQUIRY never reports
     * and REQUEST SENSE hands out as data (SAM-5 §5.14.1).
     */
    private static @Nullable ScsiResult refusal(ScsiCommand command, Unit unit, Nexus nexus) {
        if (unit.reservations().conflicts(nexus.port(), AccessRules.of(command))) {
            return ScsiResult.conflict();
        }
        UnitAttention attention = command instanceof ScsiCommand.Inquiry ? null : nexus.take(unit.lun());
        if (attention == null) {
            boolean missing = !unit.medium().loaded() && AccessRules.needsMedium(command);
            return missing ? ScsiResult.check(Sense.MEDIUM_NOT_PRESENT) : null;
        }
        return command instanceof ScsiCommand.RequestSense request && !request.descriptorFormat()
                ? ScsiResult.parameterData(attention.sense().encode(), request.allocationLength())
                : ScsiResult.check(attention.sense());
    }

    /** SPC-4 §6.6.1 and §6.39: INQUIRY and REQUEST SENSE work where there is no unit; all else is refused. */
    private static ScsiResult withoutUnit(ScsiCommand command) {
        Sense absent = Sense.illegalRequest(Sense.LOGICAL_UNIT_NOT_SUPPORTED);
        if (command instanceof ScsiCommand.Inquiry inquiry && !inquiry.vitalProductData()) {
            return ScsiResult.parameterData(InquiryPages.standard(null), inquiry.allocationLength());
        }
        if (command instanceof ScsiCommand.RequestSense request && !request.descriptorFormat()) {
            return ScsiResult.parameterData(absent.encode(), request.allocationLength());
        }
        return ScsiResult.check(absent);
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
}
