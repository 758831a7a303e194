package io.sluice.iscsi.scsi;

import java.nio.ByteBuffer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A command against one unit, once nothing keeps it from being run. */
final class UnitCommands {
    private UnitCommands() {}

    /** @param issued what {@link Nexus#issue} gave as the command came in */
    static ScsiResult run(ScsiCommand command, Unit unit, Nexus nexus, int issued, ByteBuffer dataOut) {
        LogicalUnit disk = unit.definition();
        return switch (command) {
            case ScsiCommand.Read read -> MediumCommands.read(read, disk);
            case ScsiCommand.Write write -> write(write, unit, nexus, issued, dataOut);
            case ScsiCommand.WriteAndVerify write ->
                writing(unit, nexus, issued, () -> VerifyCommands.writeAndVerify(write, disk, dataOut));
            case ScsiCommand.Unmap unmap ->
                writing(unit, nexus, issued, () -> ProvisioningCommands.unmap(unmap, disk, dataOut));
            case ScsiCommand.WriteSame same ->
                writing(unit, nexus, issued, () -> ProvisioningCommands.writeSame(same, disk, dataOut));
            case ScsiCommand.CompareAndWrite compare ->
                alone(unit, nexus, issued, () -> AtomicCommands.compareAndWrite(compare, disk, dataOut));
            case ScsiCommand.OrWrite orWrite ->
                alone(unit, nexus, issued, () -> AtomicCommands.orWrite(orWrite, disk, dataOut));
            case ScsiCommand.Verify verify -> VerifyCommands.verify(verify, disk, dataOut);
            case ScsiCommand.SynchronizeCache synchronize -> MediumCommands.synchronize(synchronize, disk);
            case ScsiCommand.Prefetch prefetch -> MediumCommands.prefetch(prefetch, disk);
            case ScsiCommand.GetLbaStatus status -> ProvisioningCommands.lbaStatus(status, disk);
            case ScsiCommand.ReadChecksums request -> ChecksumCommands.read(request, disk);
            case ScsiCommand.ReadDefectData request -> MediumCommands.defects(request);
            case ScsiCommand.ReadCapacity10 always -> readCapacity10(disk);
            case ScsiCommand.ReadCapacity16 request ->
                ScsiResult.parameterData(capacity16(disk), request.allocationLength());
            case ScsiCommand.TestUnitReady always -> ScsiResult.good();
            case ScsiCommand.StartStopUnit startStop -> startStop(startStop, unit, nexus);
            case ScsiCommand.PreventAllow request -> preventAllow(request, unit, nexus);
            case ScsiCommand.ExtendedCopy copy ->
                writing(unit, nexus, issued, () -> CopyCommands.copy(copy, unit, nexus, dataOut));
            case ScsiCommand.ReceiveCopyResults request -> CopyCommands.results(request, unit, nexus);
            case ScsiCommand.Inquiry inquiry -> inquiry(inquiry, disk);
            case ScsiCommand.RequestSense request ->
                request.descriptorFormat()
                        ? ScsiResult.check(Sense.invalidField(1))
                        : ScsiResult.parameterData(Sense.NONE.encode(), request.allocationLength());
            case ScsiCommand.ModeSense modeSense -> modeSense(modeSense, unit);
            case ScsiCommand.ModeSelect select -> ModeSelection.select(select, unit, nexus, dataOut);
            case ScsiCommand.Reserve always -> ReservationCommands.reserve(unit, nexus.port());
            case ScsiCommand.Release always -> ReservationCommands.release(unit, nexus.port());
            case ScsiCommand.PersistentReserveIn in -> ReservationCommands.in(in, unit);
            case ScsiCommand.PersistentReserveOut out -> ReservationCommands.out(out, unit, nexus.port(), dataOut);
            case ScsiCommand.ReportTargetPortGroups report -> TargetPorts.report(report);
            case ScsiCommand.ReportSupportedOperationCodes report -> SupportedCommands.report(report);
            case ScsiCommand.ReportSupportedTaskManagement report -> SupportedCommands.taskManagement(report);
            case ScsiCommand.ReportLuns reportLuns ->
                throw new IllegalStateException("answered for the target as a whole: " + reportLuns);
            case ScsiCommand.Unsupported unknown ->
                ScsiResult.check(Sense.illegalRequest(Sense.INVALID_COMMAND_OPERATION_CODE));
            case ScsiCommand.InvalidField invalid -> ScsiResult.check(Sense.invalidField(invalid.cdbByte()));
        };
    }

    private static ScsiResult startStop(ScsiCommand.StartStopUnit command, Unit unit, Nexus nexus) {
        if (!command.loadOrEject()) {
            return ScsiResult.good();
        }
        if (!unit.definition().removable()) {
            return ScsiResult.check(Sense.invalidField(4));
        }
        return unit.move(nexus, command.start())
                ? ScsiResult.good()
                : ScsiResult.check(Sense.illegalRequest(Sense.MEDIUM_REMOVAL_PREVENTED));
    }

    /** Without effect on a medium that cannot be removed anyway. */
    private static ScsiResult preventAllow(ScsiCommand.PreventAllow command, Unit unit, Nexus nexus) {
        if (command.prevent()) {
            unit.medium().prevent(nexus.port());
        } else {
            unit.medium().allow(nexus.port());
        }
        return ScsiResult.good();
    }

    /** As {@link #writing}, for the one that matters. */
    private static ScsiResult write(ScsiCommand.Write write, Unit unit, Nexus nexus, int issued, ByteBuffer dataOut) {
        int entered = unit.writes().enter();
        try {
            ScsiResult refused = refusal(unit, nexus, issued);
            return refused == null ? MediumCommands.write(write, unit.definition(), dataOut) : refused;
        } finally {
            unit.writes().leave(entered);
        }
    }

    private static ScsiResult writing(Unit unit, Nexus nexus, int issued, Supplier<ScsiResult> write) {
        int entered = unit.writes().enter();
        try {
            ScsiResult refused = refusal(unit, nexus, issued);
            return refused == null ? write.get() : refused;
        } finally {
            unit.writes().leave(entered);
        }
    }

    private static ScsiResult alone(Unit unit, Nexus nexus, int issued, Supplier<ScsiResult> write) {
        return unit.alone(() -> {
            ScsiResult refused = refusal(unit, nexus, issued);
            return refused == null ? write.get() : refused;
        });
    }

    /**
     * Looked at where PREEMPT AND ABORT and resets wait for those who passed: whoever comes later sees what they changed, so that
     * nothing of the preempted, and nothing that came in before a reset, reaches the disk once that is answered.
     */
    private static @Nullable ScsiResult refusal(Unit unit, Nexus nexus, int issued) {
        if (nexus.abortedSince(issued, unit.lun())) {
            return ScsiResult.aborted();
        }
        if (unit.reservations().conflicts(nexus.port(), Access.WRITE)) {
            return ScsiResult.conflict();
        }
        return unit.writeProtected() ? MediumCommands.writeProtected() : null;
    }

    private static ScsiResult inquiry(ScsiCommand.Inquiry command, LogicalUnit unit) {
        byte[] data = command.vitalProductData() ? vitalProductData(command.page(), unit) : InquiryPages.standard(unit);
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
            case InquiryPages.THIRD_PARTY_COPY -> InquiryPages.thirdPartyCopy();
            case InquiryPages.LOGICAL_BLOCK_PROVISIONING -> InquiryPages.logicalBlockProvisioning();
            default -> null;
        };
    }

    private static ScsiResult modeSense(ScsiCommand.ModeSense command, Unit unit) {
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

    /**
     * SBC-3 §5.16. No physical block size is claimed: what lies below has one of its own. How to align is told by the granularities of
     * VPD page B0h.
     */
    private static byte[] capacity16(LogicalUnit unit) {
        int blockBytes = unit.device().blockBytes();
        ByteBuffer data = ByteBuffer.allocate(32);
        data.putLong(MediumCommands.blocks(unit) - 1).putInt(blockBytes);
        data.put(14, (byte) 0xC0); // LBPME, LBPRZ
        return data.array();
    }
}
