package io.sluice.iscsi.login;

import io.sluice.iscsi.pdu.Isid;
import org.jspecify.annotations.Nullable;

/**
 * Who logs in where.
 *
 * @param target null in a discovery session
 */
public record Peer(String initiator, @Nullable String target, Isid isid, int connectionId) {}
