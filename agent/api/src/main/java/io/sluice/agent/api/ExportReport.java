package io.sluice.agent.api;

/**
 * One open export.
 *
 * @param frozen true when the volume it serves is frozen; false while the workload may still be writing
 * @param sessions initiators logged in right now
 */
public record ExportReport(
        MigrationId migration, VolumeId volume, String target, boolean frozen, int sessions, long bytesServed) {}
