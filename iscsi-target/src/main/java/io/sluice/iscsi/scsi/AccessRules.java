package io.sluice.iscsi.scsi;

/** Which {@link Access} a command is (SPC-4 table 67, SBC-3 table 13, SPC-2 table 10). */
final class AccessRules {
    private AccessRules() {}

    static Access of(ScsiCommand command) {
        return switch (command) {
            case ScsiCommand.Inquiry any -> Access.ALWAYS;
            case ScsiCommand.ReportLuns any -> Access.ALWAYS;
            case ScsiCommand.RequestSense any -> Access.ALWAYS;
            case ScsiCommand.Release any -> Access.ALWAYS;
            case ScsiCommand.Unsupported any -> Access.ALWAYS;
            case ScsiCommand.InvalidField any -> Access.ALWAYS;
            case ScsiCommand.TestUnitReady any -> Access.UNLESS_RESERVED;
            case ScsiCommand.StartStopUnit any -> Access.UNLESS_RESERVED;
            case ScsiCommand.PreventAllow any -> Access.UNLESS_RESERVED;
            case ScsiCommand.ReadCapacity10 any -> Access.UNLESS_RESERVED;
            case ScsiCommand.ReadCapacity16 any -> Access.UNLESS_RESERVED;
            case ScsiCommand.ReportTargetPortGroups any -> Access.UNLESS_RESERVED;
            case ScsiCommand.PersistentReserveIn any -> Access.RESERVATION;
            case ScsiCommand.PersistentReserveOut any -> Access.RESERVATION;
            case ScsiCommand.Reserve any -> Access.RESERVATION;
            case ScsiCommand.Read any -> Access.READ;
            case ScsiCommand.Verify any -> Access.READ;
            case ScsiCommand.Prefetch any -> Access.READ;
            case ScsiCommand.GetLbaStatus any -> Access.READ;
            case ScsiCommand.ReadChecksums any -> Access.READ;
            case ScsiCommand.ReadDefectData any -> Access.READ;
            case ScsiCommand.ModeSense any -> Access.READ;
            case ScsiCommand.ReportSupportedOperationCodes any -> Access.READ;
            case ScsiCommand.ReportSupportedTaskManagement any -> Access.READ;
            case ScsiCommand.Write any -> Access.WRITE;
            case ScsiCommand.WriteAndVerify any -> Access.WRITE;
            case ScsiCommand.CompareAndWrite any -> Access.WRITE;
            case ScsiCommand.OrWrite any -> Access.WRITE;
            case ScsiCommand.WriteSame any -> Access.WRITE;
            case ScsiCommand.Unmap any -> Access.WRITE;
            case ScsiCommand.SynchronizeCache any -> Access.WRITE;
            case ScsiCommand.ModeSelect any -> Access.WRITE;
            case ScsiCommand.ExtendedCopy any -> Access.WRITE;
            case ScsiCommand.ReceiveCopyResults any -> Access.READ;
        };
    }

    /** Whether a command cannot be run while a removable medium is out. */
    static boolean needsMedium(ScsiCommand command) {
        return switch (command) {
            case ScsiCommand.TestUnitReady any -> true;
            case ScsiCommand.ReadCapacity10 any -> true;
            case ScsiCommand.ReadCapacity16 any -> true;
            case ScsiCommand.Read any -> true;
            case ScsiCommand.Write any -> true;
            case ScsiCommand.Verify any -> true;
            case ScsiCommand.WriteAndVerify any -> true;
            case ScsiCommand.CompareAndWrite any -> true;
            case ScsiCommand.OrWrite any -> true;
            case ScsiCommand.WriteSame any -> true;
            case ScsiCommand.Unmap any -> true;
            case ScsiCommand.Prefetch any -> true;
            case ScsiCommand.SynchronizeCache any -> true;
            case ScsiCommand.GetLbaStatus any -> true;
            case ScsiCommand.ReadChecksums any -> true;
            case ScsiCommand.ReadDefectData any -> true;
            case ScsiCommand.ExtendedCopy any -> true;
            default -> false;
        };
    }
}
