package io.sluice.agent.api;

/** Address and TCP port of an iSCSI portal. */
public record Portal(String host, int port) {
    public Portal {
        if (host.isBlank() || port < 1 || port > 65535) {
            throw new IllegalArgumentException(
                    "'" + host + ":" + port + "' is no portal: give HOST:PORT, port 1 to 65535");
        }
    }

    @Override
    public String toString() {
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }
}
