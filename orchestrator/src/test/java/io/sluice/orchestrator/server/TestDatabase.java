package io.sluice.orchestrator.server;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.slf4j.LoggerFactory;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.postgresql.PostgreSQLContainer;
import org.testcontainers.utility.DockerImageName;

/** A PostgreSQL for tests: a container where a Docker engine answers, the embedded one otherwise or with TEST_PG=embedded. */
final class TestDatabase {
    /** One for all tests of this process; it ends with the process. */
    static final TestDatabase SHARED = start();

    private final String url;
    private final String user;
    private final String password;

    private TestDatabase(String url, String user, String password) {
        this.url = url;
        this.user = user;
        this.password = password;
    }

    String url() {
        return url;
    }

    String user() {
        return user;
    }

    String password() {
        return password;
    }

    private static TestDatabase start() {
        return dockerAnswers() ? container() : embedded();
    }

    private static boolean dockerAnswers() {
        if ("embedded".equals(System.getenv("TEST_PG"))) {
            return false;
        }
        try {
            return DockerClientFactory.instance().isDockerAvailable();
        } catch (RuntimeException e) {
            LoggerFactory.getLogger(TestDatabase.class).debug("no Docker engine answers", e);
            return false;
        }
    }

    private static TestDatabase container() {
        String image = System.getenv().getOrDefault("TEST_PG_IMAGE", "postgres:18");
        PostgreSQLContainer container =
                new HostNetworkPostgres(DockerImageName.parse(image).asCompatibleSubstituteFor("postgres"));
        container.start();
        Runtime.getRuntime().addShutdownHook(new Thread(container::stop));
        return new TestDatabase(container.getJdbcUrl(), container.getUsername(), container.getPassword());
    }

    /** On the host's network at a port of its own: works also where containers get no network. */
    private static final class HostNetworkPostgres extends PostgreSQLContainer {
        private final int port = 25_500 + (int) (ProcessHandle.current().pid() % 400);

        HostNetworkPostgres(DockerImageName image) {
            super(image);
            withNetworkMode("host");
            setExposedPorts(java.util.List.of());
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
