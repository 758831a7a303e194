package io.sluice.iscsi.login;

import io.sluice.iscsi.pdu.Digests;
import io.sluice.iscsi.pdu.PduLimits;
import java.util.Map;

/**
 * What a login agreed on (RFC 7143 §13).
 *
 * @param initiatorSegmentBytes MaxRecvDataSegmentLength of the initiator
 * @param targetSegmentBytes MaxRecvDataSegmentLength of the target
 * @param maxBurstBytes limit of a Data-In sequence and of what one R2T asks for
 * @param firstBurstBytes limit of a write's unsolicited data, immediate data included
 * @param initialR2t no unsolicited Data-Out PDUs
 */
public record SessionParameters(
        Digests digests,
        int initiatorSegmentBytes,
        int targetSegmentBytes,
        int maxBurstBytes,
        int firstBurstBytes,
        int maxOutstandingR2t,
        boolean initialR2t,
        boolean immediateData) {

    static final int DEFAULT_MAX_BURST = 262144;
    static final int DEFAULT_FIRST_BURST = 65536;

    /** What holds where nothing was agreed on. */
    public static final SessionParameters DEFAULTS =
            of(Map.of(), PduLimits.DEFAULT_DATA_SEGMENT_BYTES, PduLimits.DEFAULT_DATA_SEGMENT_BYTES);

    /** From the results of a negotiation, by key, and the segment lengths the two sides declared. */
    public static SessionParameters of(Map<String, String> agreed, int initiatorSegmentBytes, int targetSegmentBytes) {
        Digests digests = new Digests(
                agreed.getOrDefault(KeyNames.HEADER_DIGEST, KeyNames.NONE).equals(KeyNames.CRC32C),
                agreed.getOrDefault(KeyNames.DATA_DIGEST, KeyNames.NONE).equals(KeyNames.CRC32C));
        int maxBurst = number(agreed, KeyNames.MAX_BURST_LENGTH, DEFAULT_MAX_BURST);
        return new SessionParameters(
                digests,
                initiatorSegmentBytes,
                targetSegmentBytes,
                maxBurst,
                Math.min(maxBurst, number(agreed, KeyNames.FIRST_BURST_LENGTH, DEFAULT_FIRST_BURST)),
                number(agreed, KeyNames.MAX_OUTSTANDING_R2T, 1),
                agreed.getOrDefault(KeyNames.INITIAL_R2T, KeyNames.YES).equals(KeyNames.YES),
                agreed.getOrDefault(KeyNames.IMMEDIATE_DATA, KeyNames.YES).equals(KeyNames.YES));
    }

    public SessionParameters withInitiatorSegmentBytes(int bytes) {
        return new SessionParameters(
                digests,
                bytes,
                targetSegmentBytes,
                maxBurstBytes,
                firstBurstBytes,
                maxOutstandingR2t,
                initialR2t,
                immediateData);
    }

    private static int number(Map<String, String> agreed, String key, int absent) {
        String value = agreed.get(key);
        return value == null ? absent : Integer.decode(value);
    }
}
