package io.sluice.iscsi.pdu;

/**
 * What a decoder takes before it allocates anything.
 *
 * @param maxDataSegmentBytes the MaxRecvDataSegmentLength declared by the receiver
 * @param maxAdditionalHeaderBytes limit of all additional header segments together
 */
public record PduLimits(int maxDataSegmentBytes, int maxAdditionalHeaderBytes) {

    /** Before login has ended every receiver takes 8 KiB (RFC 7143 §13.12). */
    public static final int DEFAULT_DATA_SEGMENT_BYTES = 8192;

    /** Room for one extended CDB of 260 bytes and one bidirectional read length (RFC 7143 §11.2.2). */
    public static final int DEFAULT_ADDITIONAL_HEADER_BYTES = 256;

    public static PduLimits dataSegment(int maxDataSegmentBytes) {
        return new PduLimits(maxDataSegmentBytes, DEFAULT_ADDITIONAL_HEADER_BYTES);
    }
}
