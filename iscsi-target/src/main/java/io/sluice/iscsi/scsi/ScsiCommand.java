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

    /** VERIFY (10) and (16) without byte check. */
    record Verify(long lba, long blocks) implements ScsiCommand {}

    /** SYNCHRONIZE CACHE (10) and (16); 0 blocks mean up to the end. */
    record SynchronizeCache(long lba, long blocks) implements ScsiCommand {}

    /** SBC-3 §5.28. */
    record Unmap(int parameterListLength) implements ScsiCommand {}

    /** WRITE SAME (10) and (16), SBC-3 §5.40 and §5.41. {@code noData}: the NDOB bit, zeros without a data-out buffer. */
    record WriteSame(long lba, long blocks, boolean unmap, boolean noData) implements ScsiCommand {}

    /** SBC-3 §5.4. */
    record GetLbaStatus(long lba, int allocationLength) implements ScsiCommand {}

    /** Accepted and without effect: there is nothing to spin up or eject. */
    record StartStopUnit() implements ScsiCommand {}

    /** An operation code that is not implemented. */
    record Unsupported(int operationCode) implements ScsiCommand {}

    /** A known command with a field that is not supported, at this byte of the CDB. */
    record InvalidField(int cdbByte) implements ScsiCommand {}
}
