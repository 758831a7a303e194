package io.sluice.iscsi.session;

/**
 * Limits of one session.
 *
 * @param commandWindow commands under way at once; the initiator is told by MaxCmdSN
 * @param bufferBytes data of commands admitted to execution that is held at once, both ways; one command may be longer
 * @param maxTransferBytes data of one command
 */
public record SessionLimits(int commandWindow, long bufferBytes, long maxTransferBytes) {}
