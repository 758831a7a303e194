package io.sluice.agent.attach.kernel;

import io.sluice.agent.api.AttachmentFailure;
import io.sluice.agent.api.AttachmentReport;
import io.sluice.agent.api.MigrationId;
import io.sluice.agent.api.Portal;
import io.sluice.agent.api.VolumeId;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One attachment as found, be it ordered since the agent started or left from before.
 *
 * @param map name of its multipath map, whether that is there or not
 * @param connected false while the session is being re-established, or its disk cannot be used: reads wait meanwhile
 * @param inState how long this run of the agent has seen it so
 * @param failure what the watch last failed with; null while it is connected, or nothing has failed since it was lost
 */
public record AttachmentState(
        String map,
        VolumeId volume,
        @Nullable MigrationId migration,
        String target,
        Portal portal,
        boolean connected,
        Duration inState,
        @Nullable AttachmentFailure failure) {

    public AttachmentReport report() {
        return new AttachmentReport(target, portal, connected, inState.toSeconds(), failure);
    }
}
