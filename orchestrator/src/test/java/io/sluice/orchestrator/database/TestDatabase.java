package io.sluice.orchestrator.database;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.slf4j.LoggerFactory;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.postgresql.PostgreSQLContainer;
import org.testcontainers.utility.DockerImageName;

/**
 * A PostgreSQL for every test that needs one, started once per process: a container where a Docker engine answers, the embedded
 * one otherwise. {@code SLUICE_TEST_POSTGRES=container} makes a missing engine a failure, {@code embedded} does not look for one.
 */
public record TestDatabase(String url, String user, String password) {
    private static final String CHOICE = "SLUICE_TEST_POSTGRES";
    private static final String IMAGE = "postgres:18";

    private static final TestDatabase SERVER = start();

    /** An empty database of this name; what another test left in it is gone. */
    public static TestDatabase empty(String name) {
        try (Connection connection = DriverManager.getConnection(SERVER.url, SERVER.user, SERVER.password);
                Statement statement = connection.createStatement()) {
            statement.execute("drop database if exists " + name + " with (force)");
            statement.execute("create database " + name);
        } catch (SQLException e) {
            throw new IllegalStateException("cannot make the test database " + name, e);
        }
        String url = SERVER.url.replaceFirst("^(jdbc:postgresql://[^/]+/)[^?]*", "$1" + name);
        return new TestDatabase(url, SERVER.user, SERVER.password);
    }

    private static TestDatabase start() {
        String choice = System.getenv().getOrDefault(CHOICE, "any");
        return switch (choice) {
            case "container" -> container();
            case "embedded" -> embedded();
            case "any" -> engineAnswers() ? container() : embedded();
            default ->
                throw new IllegalStateException(CHOICE + " is '" + choice + "': give container, embedded or nothing");
        };
    }

    private static boolean engineAnswers() {
        try {
            return DockerClientFactory.instance().isDockerAvailable();
        } catch (RuntimeException e) {
            LoggerFactory.getLogger(TestDatabase.class).debug("no Docker engine answers", e);
            return false;
        }
    }

    private static TestDatabase container() {
        PostgreSQLContainer container = new HostNetworkPostgres(DockerImageName.parse(IMAGE), freePort());
        container.start();
        Runtime.getRuntime().addShutdownHook(new Thread(container::stop));
        return new TestDatabase(container.getJdbcUrl(), container.getUsername(), container.getPassword());
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot find a free port", e);
        }
    }

    /** On the host's network, loopback only, at a port of its own: works also where containers get no network. */
    private static final class HostNetworkPostgres extends PostgreSQLContainer {
        private final int port;

        HostNetworkPostgres(DockerImageName image, int port) {
            super(image);
            this.port = port;
            withNetworkMode("host");
            setExposedPorts(List.of());
            setCommand("postgres", "-c", "fsync=off", "-c", "listen_addresses=127.0.0.1", "-c", "port=" + port);
        }

        @Override
        public Integer getMappedPort(int originalPort) {
            return port;
        }

        @Override
        public String getHost() {
            return "127.0.0.1";
        }
    }

    private static TestDatabase embedded() {
        try {
            EmbeddedPostgres postgres = EmbeddedPostgres.builder()
                    .setServerConfig("listen_addresses", "127.0.0.1")
                    .setServerConfig("fsync", "off")
                    .start();
            return new TestDatabase(postgres.getJdbcUrl("postgres", "postgres"), "postgres", "unused");
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start the embedded PostgreSQL", e);
        }
    }
}
