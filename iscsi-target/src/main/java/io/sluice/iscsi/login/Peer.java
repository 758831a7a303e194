package io.sluice.iscsi.login;

import io.sluice.iscsi.pdu.Isid;
import org.jspecify.annotations.Nullable;

/**
 * Who logs in where.
 *
 * @param target null in a discovery session
 * @param tsih of the session it wants to go on with over this connection; 0 for a new session
 */
public record Peer(String initiator, @Nullable String target, Isid isid, int connectionId, int tsih) {}
