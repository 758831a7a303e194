package io.sluice.iscsi.netty;

import io.sluice.iscsi.scsi.ReservationStore;
import java.net.InetSocketAddress;

/**
 * How a server is set up.
 *
 * @param bind the one address its portal listens on; port 0 lets the system choose
 * @param reservations keeps persistent reservations over a restart
 */
public record TargetServerConfig(InetSocketAddress bind, Limits limits, ReservationStore reservations) {

    /** Reservations end with the process. */
    public TargetServerConfig(InetSocketAddress bind, Limits limits) {
        this(bind, limits, ReservationStore.NONE);
    }

    public static TargetServerConfig on(InetSocketAddress bind) {
        return new TargetServerConfig(bind, Limits.DEFAULT);
    }

    public TargetServerConfig keeping(ReservationStore store) {
        return new TargetServerConfig(bind, limits, store);
    }
}
