package io.sluice.agent.check;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;

/** Whether another worker's portal is reached from here, and from which address. */
public final class PeerCheck {
    /** A portal on the same network answers within milliseconds; a firewall that drops packets never does. */
    private static final Duration LIMIT = Duration.ofSeconds(3);

    private PeerCheck() {}

    /** The way back is the same look, taken on the peer. */
    public static Finding look(InetSocketAddress peer, String ownPortal) {
        String name = "peer " + peer.getHostString() + ":" + peer.getPort();
        try (Socket socket = new Socket()) {
            socket.connect(peer, (int) LIMIT.toMillis());
            InetAddress from = socket.getLocalAddress();
            return new Finding(
                    name,
                    true,
                    Finding.Need.NETWORK,
                    "its portal is reached, from " + from.getHostAddress()
                            + "; for the way back run there: sluice agent --check --peer " + ownPortal,
                    null);
        } catch (IOException e) {
            return new Finding(
                    name,
                    false,
                    Finding.Need.NETWORK,
                    "not reached: " + e.getMessage(),
                    "see that its agent runs with that portal.bind, and that firewalls and routes let TCP through");
        }
    }
}
