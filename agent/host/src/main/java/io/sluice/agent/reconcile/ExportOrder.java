package io.sluice.agent.reconcile;

import io.sluice.agent.api.ExportAccess;
import io.sluice.agent.api.MigrationId;
import io.sluice.agent.api.VolumeId;

/**
 * One export as it should be.
 *
 * @param frozen whether the volume is frozen; until then the workload may be writing below the export
 */
public record ExportOrder(MigrationId migration, VolumeId volume, ExportAccess access, boolean frozen) {}
