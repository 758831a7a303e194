package io.sluice.agent.devicemapper;

import io.sluice.agent.devicemapper.ControlCall.Request;

/** The device mapper's control file. */
interface ControlFile {
    /**
     * One ioctl(2) on it.
     *
     * @param buffer what is asked, and then what the kernel answers
     * @return 0 or the errno
     */
    int call(Request request, byte[] buffer);
}
