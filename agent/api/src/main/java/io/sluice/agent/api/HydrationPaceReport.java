package io.sluice.agent.api;

/**
 * How background copying of the kernel's engine is driven at the moment.
 *
 * @param thresholdRegions regions copied at once at most; 0 while it pauses to keep to its rate
 * @param batchRegions neighbouring regions copied in one go at most
 * @param guestThrottled whether the workload is held back so that copying ends in time
 * @param words what is done and why
 */
public record HydrationPaceReport(int thresholdRegions, int batchRegions, boolean guestThrottled, String words) {}
