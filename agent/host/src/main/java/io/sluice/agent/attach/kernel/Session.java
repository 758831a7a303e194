package io.sluice.agent.attach.kernel;

import io.sluice.agent.api.Portal;
import java.nio.file.Path;

/**
 * A session of the kernel's initiator.
 *
 * @param id as {@code iscsiadm} knows it
 * @param host number of its SCSI host
 * @param portal the one it was told to use, wherever a target may have sent it since
 * @param device its directory
 */
record Session(int id, int host, String target, Portal portal, String state, Path device) {
    boolean loggedIn() {
        return state.equals("LOGGED_IN");
    }
}
