package io.sluice.iscsi.netty;

import java.net.InetSocketAddress;

/**
 * How a server is set up.
 *
 * @param bind the one address its portal listens on; port 0 lets the system choose
 */
public record TargetServerConfig(InetSocketAddress bind, Limits limits) {

    public static TargetServerConfig on(InetSocketAddress bind) {
        return new TargetServerConfig(bind, Limits.DEFAULT);
    }
}
