package io.sluice.agent.reconcile;

/**
 * One open export as found.
 *
 * @param order what it was last opened with
 * @param sessions initiators logged in right now
 */
public record ExportState(ExportOrder order, int sessions, long bytesServed) {}
