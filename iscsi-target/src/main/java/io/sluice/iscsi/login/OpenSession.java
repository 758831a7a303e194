package io.sluice.iscsi.login;

/**
 * A session that an initiator port has with a target.
 *
 * @param tsih never 0
 * @param connectionId of its only connection
 */
public record OpenSession(int tsih, int connectionId) {}
