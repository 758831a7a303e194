package io.sluice.iscsi.netty;

import java.net.InetSocketAddress;

/**
 * A session of a target.
 *
 * @param commands under way
 */
public record SessionStatus(String initiator, InetSocketAddress peer, int commands) {}
