package io.sluice.orchestrator.ceiling;

import io.sluice.agent.api.MigrationId;
import java.util.List;

/** Rates on stable storage. Each call is one transaction. */
public interface PacingStore {
    /** Every volume that is being copied in the background, from one snapshot. */
    List<PacedVolume> copying();

    /** Whether any volume under way has a rate, or may still keep to one. */
    boolean paced();

    /** Begins a round: from now on nothing of an earlier one is written any more. */
    long begin();

    /**
     * Writes one migration's new rates, raising the generation of each host whose spec differs by it. False, and nothing
     * written, when another round has begun, or the migration is not being copied any more.
     */
    boolean grant(long round, MigrationId migration, List<Grant> grants);

    /** Migrations that wait for a place under a ceiling, those that came first before the others. */
    List<MigrationId> waiting();
}
