package io.sluice.agent.attach.kernel;

import io.sluice.agent.devicemapper.MultipathStatus;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What is found of one attachment at one moment.
 *
 * @param session the one with the ordered target on the ordered portal
 * @param map null while there is no map
 * @param suspended whether the map was left suspended, by an agent that ended in the middle of changing its path
 * @param leftAlone how long the session has been lost and the daemon not been asked for; zero while it is not lost
 */
record PathView(
        @Nullable Session session,
        @Nullable ScsiDisk disk,
        @Nullable MultipathStatus map,
        boolean suspended,
        Duration leftAlone) {}
