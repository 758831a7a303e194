package io.sluice.orchestrator.migration;

import io.sluice.agent.api.ChapSecrets;
import io.sluice.agent.api.Portal;

/**
 * How the two hosts of one migration meet.
 *
 * @param portal the source's iSCSI portal
 * @param initiator the destination's initiator name
 * @param secrets made for this migration alone
 * @param retainSeconds how long the source's copy is kept after the release
 */
public record Terms(Portal portal, String initiator, ChapSecrets secrets, long retainSeconds) {
    /** In place of those of a migration that has ended, which are wiped: its hosts do not meet any more. */
    public static final ChapSecrets WIPED = new ChapSecrets("", "", "", "");
}
