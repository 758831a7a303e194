package io.sluice.iscsi.scsi;

/**
 * A decoded command descriptor block. What this target does not know, or refuses on sight, is a value too. Block addresses and
 * counts are in the disk's logical blocks. {@link CdbDecoder} and {@link CdbEncoder} convert from and to bytes.
 */
public sealed interface ScsiCommand {
    /** SPC-4 §6.6. */
    record Inquiry(boolean vitalProductData, int page, int allocationLength) implements ScsiCommand {}

    record TestUnitReady() implements ScsiCommand {}

    record RequestSense(boolean descriptorFormat, int allocationLength) implements ScsiCommand {}

    /** SPC-4 §6.33. */
    record ReportLuns(int select, int allocationLength) implements ScsiCommand {}

    /** MODE SENSE (6) and (10), SPC-4 §6.13 and §6.14. */
    record ModeSense(
            int cdbBytes,
            boolean omitBlockDescriptors,
            boolean longBlockDescriptor,
            int control,
            int page,
            int subpage,
            int allocationLength)
            implements ScsiCommand {}

    record ReadCapacity10() implements ScsiCommand {}

    record ReadCapacity16(int allocationLength) implements ScsiCommand {}

    /** READ (6), (10), (12), (16). */
    record Read(long lba, long blocks, boolean forceUnitAccess) implements ScsiCommand {}

    /** WRITE (6), (10), (12), (16). */
    record Write(long lba, long blocks, boolean forceUnitAccess) implements ScsiCommand {}

    /** VERIFY (10), (12) and (16), SBC-3 §5.29. */
    record Verify(long lba, long blocks, ByteCheck check) implements ScsiCommand {}

    /** WRITE AND VERIFY (10), (12) and (16), SBC-3 §5.37. */
    record WriteAndVerify(long lba, long blocks, ByteCheck check) implements ScsiCommand {}

    /** What a verification compares the medium with (SBC-3 §5.29). */
    enum ByteCheck {
        /** Nothing: it must be readable. */
        MEDIUM,
        /** As many blocks as are verified. */
        DATA_OUT,
        /** One block, compared with each that is verified. */
        ONE_BLOCK
    }

    /** SBC-3 §5.2. */
    record CompareAndWrite(long lba, long blocks, boolean forceUnitAccess) implements ScsiCommand {}

    /** ORWRITE (16), SBC-3 §5.5. */
    record OrWrite(long lba, long blocks, boolean forceUnitAccess) implements ScsiCommand {}

    /** PRE-FETCH (10) and (16), SBC-3 §5.8. */
    record Prefetch(long lba, long blocks) implements ScsiCommand {}

    /** SYNCHRONIZE CACHE (10) and (16); 0 blocks mean up to the end. */
    record SynchronizeCache(long lba, long blocks) implements ScsiCommand {}

    /** SBC-3 §5.28. */
    record Unmap(int parameterListLength) implements ScsiCommand {}

    /** WRITE SAME (10) and (16), SBC-3 §5.43 and §5.44. {@code noData}: the NDOB bit, zeros without a data-out buffer. */
    record WriteSame(long lba, long blocks, boolean unmap, boolean noData) implements ScsiCommand {}

    /** SBC-3 §5.4. */
    record GetLbaStatus(long lba, int allocationLength) implements ScsiCommand {}

    /** SBC-3 §5.25. There is nothing to spin up: without {@code loadOrEject} it has no effect. */
    record StartStopUnit(boolean loadOrEject, boolean start) implements ScsiCommand {}

    /** PREVENT ALLOW MEDIUM REMOVAL, SBC-3 §5.10. */
    record PreventAllow(boolean prevent) implements ScsiCommand {}

    /** EXTENDED COPY (LID1), SPC-4 §6.5. */
    record ExtendedCopy(int parameterListLength) implements ScsiCommand {}

    /** RECEIVE COPY RESULTS (LID1), SPC-4 §6.22 and §6.25. */
    record ReceiveCopyResults(int serviceAction, int listIdentifier, int allocationLength) implements ScsiCommand {}

    /** MODE SELECT (6) and (10), SPC-4 §6.11 and §6.12. */
    record ModeSelect(int cdbBytes, int parameterListLength) implements ScsiCommand {}

    /** READ DEFECT DATA (10) and (12), SBC-3 §5.17. {@code format} with the bits of the lists that are asked for. */
    record ReadDefectData(int cdbBytes, int format, int allocationLength) implements ScsiCommand {}

    /** SPC-4 §6.15. */
    record PersistentReserveIn(int serviceAction, int allocationLength) implements ScsiCommand {}

    /** SPC-4 §6.16. */
    record PersistentReserveOut(int serviceAction, int scope, int type, int parameterListLength)
            implements ScsiCommand {}

    /** RESERVE (6) and (10), SPC-2 §7.21 and §7.22. */
    record Reserve() implements ScsiCommand {}

    /** RELEASE (6) and (10), SPC-2 §7.16 and §7.17. */
    record Release() implements ScsiCommand {}

    /** SPC-4 §6.35. {@code option}: 0 all, 1 one by operation code, 2 one by service action too, 3 either. */
    record ReportSupportedOperationCodes(
            boolean timeouts, int option, int operationCode, int serviceAction, int allocationLength)
            implements ScsiCommand {}

    /** SPC-4 §6.36. */
    record ReportSupportedTaskManagement(boolean extended, int allocationLength) implements ScsiCommand {}

    /** SPC-4 §6.37. */
    record ReportTargetPortGroups(boolean extendedHeader, int allocationLength) implements ScsiCommand {}

    /** READ CHECKSUMS, vendor specific: CRC32Cs of regions of a unit whose content is final, see {@link ChecksumCommands}. */
    record ReadChecksums(long firstRegion, int allocationLength) implements ScsiCommand {}

    /** An operation code that is not implemented. */
    record Unsupported(int operationCode) implements ScsiCommand {}

    /** A known command with a field that is not supported, at this byte of the CDB. */
    record InvalidField(int cdbByte) implements ScsiCommand {}
}
