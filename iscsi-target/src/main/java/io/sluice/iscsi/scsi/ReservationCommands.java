package io.sluice.iscsi.scsi;

import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Map;

/** PERSISTENT RESERVE IN and OUT, RESERVE and RELEASE (SPC-4 §6.15 and §6.16, SPC-2 §5.5). */
final class ReservationCommands {
    private static final int READ_KEYS = 0;
    private static final int READ_RESERVATION = 1;
    private static final int REPORT_CAPABILITIES = 2;
    private static final int READ_FULL_STATUS = 3;

    private static final int PARAMETER_LIST_BYTES = 24;
    private static final int SPEC_I_PT = 0x08;
    private static final int APTPL = 0x01;

    private static final byte ALL_TARGET_PORTS_CAPABLE = 0x04;
    private static final byte PERSIST_CAPABLE = 0x01;
    private static final byte TYPE_MASK_VALID = (byte) 0x80;

    private ReservationCommands() {}

    static ScsiResult reserve(Unit unit, InitiatorPort port) {
        return unit.reservations().reserve(port) ? ScsiResult.good() : ScsiResult.conflict();
    }

    static ScsiResult release(Unit unit, InitiatorPort port) {
        unit.reservations().release(port);
        return ScsiResult.good();
    }

    static ScsiResult out(ScsiCommand.PersistentReserveOut command, Unit unit, InitiatorPort port, ByteBuffer dataOut) {
        ReservationRequest.Action action = ReservationRequest.Action.of(command.serviceAction());
        if (action == null) {
            return ScsiResult.check(Sense.invalidField(1)); // REGISTER AND MOVE too
        }
        if (command.parameterListLength() != PARAMETER_LIST_BYTES || dataOut.remaining() < PARAMETER_LIST_BYTES) {
            return ScsiResult.check(Sense.illegalRequest(Sense.PARAMETER_LIST_LENGTH_ERROR));
        }
        ReservationType type = ReservationType.of(command.type());
        if (action.typed() && (command.scope() != 0 || type == null)) {
            return ScsiResult.check(Sense.invalidField(2));
        }
        ByteBuffer list = dataOut.slice(dataOut.position(), PARAMETER_LIST_BYTES);
        int flags = action.registers() ? list.get(20) : 0;
        boolean persist = (flags & APTPL) != 0;
        if ((flags & SPEC_I_PT) != 0 || (persist && !unit.reservations().keeps())) {
            return ScsiResult.check(Sense.illegalRequest(Sense.INVALID_FIELD_IN_PARAMETER_LIST));
        }
        return decided(unit, port, new ReservationRequest(action, type, list.getLong(0), list.getLong(8), persist));
    }

    private static ScsiResult decided(Unit unit, InitiatorPort port, ReservationRequest request) {
        ReservationDecision decision;
        try {
            decision = unit.reservations().change(port, request);
        } catch (UncheckedIOException notStored) {
            // What cannot be kept is not granted (SPC-4 §5.13.5); whoever asked may ask again.
            return ScsiResult.check(new Sense(Sense.HARDWARE_ERROR, Sense.INTERNAL_TARGET_FAILURE, null, null));
        }
        return switch (decision) {
            case ReservationDecision.Conflict none -> ScsiResult.conflict();
            case ReservationDecision.Refused refused -> ScsiResult.check(refused.sense());
            case ReservationDecision.Granted granted -> {
                unit.tell(granted.notices());
                unit.abort(granted.aborted());
                yield ScsiResult.goodAfter(PARAMETER_LIST_BYTES);
            }
        };
    }

    static ScsiResult in(ScsiCommand.PersistentReserveIn command, Unit unit) {
        Reservations now = unit.reservations().persistent();
        return switch (command.serviceAction()) {
            case READ_KEYS -> ScsiResult.parameterData(keys(now), command.allocationLength());
            case READ_RESERVATION -> ScsiResult.parameterData(reservation(now), command.allocationLength());
            case REPORT_CAPABILITIES ->
                ScsiResult.parameterData(
                        capabilities(unit.reservations().keeps(), now.persisting()), command.allocationLength());
            case READ_FULL_STATUS -> ScsiResult.parameterData(fullStatus(now), command.allocationLength());
            default -> ScsiResult.check(Sense.invalidField(1));
        };
    }

    private static byte[] keys(Reservations now) {
        ByteBuffer data = ByteBuffer.allocate(8 + 8 * now.keys().size());
        data.putInt(now.generation()).putInt(8 * now.keys().size());
        now.keys().values().forEach(data::putLong);
        return data.array();
    }

    private static byte[] reservation(Reservations now) {
        Reservations.Holder holder = now.holder();
        if (holder == null) {
            return ByteBuffer.allocate(8).putInt(now.generation()).array();
        }
        ByteBuffer data = ByteBuffer.allocate(24).putInt(now.generation()).putInt(16);
        return data.putLong(now.holderKey())
                .put(21, (byte) holder.type().code())
                .array();
    }

    private static byte[] capabilities(boolean keeps, boolean persisting) {
        int mask = 0;
        for (ReservationType type : ReservationType.values()) {
            mask |= type.mask();
        }
        return ByteBuffer.allocate(8)
                .putShort((short) 8)
                .put((byte) (ALL_TARGET_PORTS_CAPABLE | (keeps ? PERSIST_CAPABLE : 0)))
                .put((byte) (TYPE_MASK_VALID | (persisting ? 1 : 0)))
                .putShort((short) mask)
                .array();
    }

    /** One descriptor for each registered port (SPC-4 §6.15.5). */
    private static byte[] fullStatus(Reservations now) {
        int bytes = 8;
        for (InitiatorPort port : now.keys().keySet()) {
            bytes += 24 + port.transportId().length;
        }
        ByteBuffer data = ByteBuffer.allocate(bytes).putInt(now.generation()).putInt(bytes - 8);
        for (Map.Entry<InitiatorPort, Long> registration : now.keys().entrySet()) {
            Reservations.Holder holder = now.holds(registration.getKey()) ? now.holder() : null;
            byte[] transportId = registration.getKey().transportId();
            data.putLong(registration.getValue()).putInt(0);
            data.put((byte) (holder == null ? 0 : 1));
            data.put((byte) (holder == null ? 0 : holder.type().code())).putInt(0);
            data.putShort(TargetPorts.ONLY_PORT).putInt(transportId.length).put(transportId);
        }
        return data.array();
    }
}
