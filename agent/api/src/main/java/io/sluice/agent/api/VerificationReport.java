package io.sluice.agent.api;

/**
 * Outcome of comparing the local copy with checksums of what the source sent; {@code mismatchedRegions} above 0 holds the
 * migration with both copies kept.
 */
public record VerificationReport(long verifiedRegions, long writtenRegions, long holeRegions, long mismatchedRegions) {}
