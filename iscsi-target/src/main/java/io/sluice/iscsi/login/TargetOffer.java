package io.sluice.iscsi.login;

/**
 * How far the target goes in a negotiation.
 *
 * @param segmentBytes its MaxRecvDataSegmentLength
 * @param maxBurstBytes highest MaxBurstLength
 * @param firstBurstBytes highest FirstBurstLength: what a command may carry unasked, and so what a whole window of commands may
 * @param maxOutstandingR2t highest MaxOutstandingR2T
 */
public record TargetOffer(int segmentBytes, int maxBurstBytes, int firstBurstBytes, int maxOutstandingR2t) {

    /** Segments of 256 KiB, bursts of 1 MiB, 64 KiB unasked, one R2T per command at a time. */
    public static final TargetOffer DEFAULT = new TargetOffer(262144, 1048576, 65536, 1);
}
