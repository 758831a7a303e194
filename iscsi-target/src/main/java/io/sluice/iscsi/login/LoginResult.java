package io.sluice.iscsi.login;

import org.jspecify.annotations.Nullable;

/**
 * A login that succeeded.
 *
 * @param proven what the initiator proved to know, null if nothing
 * @param tsih the session's identifier
 * @param nextStatSn StatSN of the first response in the full feature phase
 * @param expCmdSn CmdSN of the first command in it
 */
public record LoginResult(
        Peer peer,
        @Nullable ChapCredentials proven,
        int tsih,
        SessionParameters parameters,
        int nextStatSn,
        int expCmdSn) {}
