package io.sluice.iscsi.initiator;

import io.sluice.iscsi.block.BlockDeviceException;
import io.sluice.iscsi.pdu.LoginResponse;
import io.sluice.iscsi.pdu.Pdu;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;

/** Runs a {@link LoginExchange} over a fresh connection. */
final class Login {
    /** Connecting, and every answer of the target during login, take at most this long. */
    static final Duration LIMIT = Duration.ofSeconds(10);

    /** What both yield: the connection, and what was agreed on it. */
    record LoggedIn(Wire wire, LoginExchange.Step.LoggedIn result) {}

    private final String host;
    private final int port;
    private final LoginExchange.Wish wish;

    Login(String host, int port, LoginExchange.Wish wish) {
        this.host = host;
        this.port = port;
        this.wish = wish;
    }

    /**
     * Connects and logs in.
     *
     * @throws LoginRefusedException when the target, or this initiator, says no
     * @throws BlockDeviceException transient, when the portal cannot be reached
     */
    LoggedIn run() {
        try {
            Wire wire = Wire.connect(host, port, LIMIT);
            boolean done = false;
            try {
                wire.silenceLimit(LIMIT);
                LoggedIn result = exchange(wire);
                done = true;
                return result;
            } finally {
                if (!done) {
                    wire.close();
                }
            }
        } catch (IOException e) {
            throw new BlockDeviceException(
                    "cannot log in to %s at %s port %d: %s: check that the target is served there"
                            .formatted(shown(), host, port, e.getMessage()),
                    true,
                    e);
        }
    }

    private LoggedIn exchange(Wire wire) throws IOException {
        byte[] nonce = new byte[LoginExchange.NONCE_BYTES];
        if (wish.options().mutual() != null) {
            new SecureRandom().nextBytes(nonce);
        }
        LoginExchange exchange = new LoginExchange(wish, nonce);
        LoginExchange.Step step = new LoginExchange.Step.Send(exchange.first());
        while (true) {
            switch (step) {
                case LoginExchange.Step.Send send -> {
                    wire.send(send.request());
                    wire.flush();
                    step = exchange.next(response(wire.receive()));
                }
                case LoginExchange.Step.Refused refused ->
                    throw new LoginRefusedException(
                            "login to %s at %s port %d: %s".formatted(shown(), host, port, refused.detail()),
                            refused.status());
                case LoginExchange.Step.LoggedIn loggedIn -> {
                    wire.negotiated(loggedIn.parameters());
                    return new LoggedIn(wire, loggedIn);
                }
            }
        }
    }

    private static LoginResponse response(Pdu pdu) throws IOException {
        if (pdu instanceof LoginResponse response) {
            return response;
        }
        throw new IOException("the answer to the login is a " + pdu.getClass().getSimpleName());
    }

    private String shown() {
        return wish.target() == null ? "the portal" : wish.target();
    }
}
