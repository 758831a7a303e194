package io.sluice.iscsi.login;

/**
 * A login that succeeded.
 *
 * @param tsih the session's identifier
 * @param nextStatSn StatSN of the first response in the full feature phase
 * @param expCmdSn CmdSN of the first command in it
 */
public record LoginResult(Peer peer, int tsih, SessionParameters parameters, int nextStatSn, int expCmdSn) {}
