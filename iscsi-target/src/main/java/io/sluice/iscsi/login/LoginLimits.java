package io.sluice.iscsi.login;

/**
 * Limits of a login.
 *
 * @param textBytes of one text gathered over several PDUs
 * @param commandWindow how many commands a session may have under way
 */
public record LoginLimits(int textBytes, int commandWindow) {}
