package io.sluice.orchestrator.cli.demo;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The PostgreSQL of several replicas: a process that can crash and comes back at the same port with what it had. */
final class SharedPostgres implements AutoCloseable {
    static final String USER = "postgres";

    private static final Duration LIMIT = Duration.ofMinutes(1);

    private final Path data;
    private final int port;
    private EmbeddedPostgres postgres;

    private SharedPostgres(Path data, int port) {
        this.data = data;
        this.port = port;
        this.postgres = run();
    }

    static SharedPostgres start(Path directory) {
        return new SharedPostgres(directory.resolve("postgres"), Ports.free(1).getFirst());
    }

    private EmbeddedPostgres run() {
        try {
            return EmbeddedPostgres.builder()
                    .setDataDirectory(data)
                    .setCleanDataDirectory(false)
                    .setRegisterShutdownHook(false)
                    .setPGStartupWait(LIMIT)
                    .setPort(port)
                    .setServerConfig("listen_addresses", "127.0.0.1")
                    // these tests kill processes, not the machine
                    .setServerConfig("fsync", "off")
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException("the shared PostgreSQL does not start", e);
        }
    }

    int port() {
        return port;
    }

    /** Ends it in the middle of everything, as a crash does: nothing is said to clients, the log is replayed at the next start. */
    void crash() {
        try {
            String pid = Files.readAllLines(data.resolve("postmaster.pid"))
                    .getFirst()
                    .strip();
            Signals.send("QUIT", pid);
            Await.until(
                    "PostgreSQL is gone",
                    LIMIT,
                    () -> ProcessHandle.of(Long.parseLong(pid)).isEmpty());
            postgres.close();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot crash PostgreSQL", e);
        }
    }

    void startAgain() {
        postgres = run();
    }

    /** The first column of what a query gives. */
    List<String> query(String query) {
        try (Connection connection = connect();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(query)) {
            List<String> column = new ArrayList<>();
            while (rows.next()) {
                column.add(rows.getString(1));
            }
            return column;
        } catch (SQLException e) {
            throw new IllegalStateException("cannot ask: " + query, e);
        }
    }

    /** Cuts every connection of every replica, whatever it is at; answers how many. */
    int cutConnections() {
        return query("select pg_terminate_backend(pid) from pg_stat_activity"
                        + " where backend_type = 'client backend' and pid <> pg_backend_pid()")
                .size();
    }

    private Connection connect() throws SQLException {
        return DriverManager.getConnection("jdbc:postgresql://127.0.0.1:" + port + "/postgres", USER, "unused");
    }

    @Override
    public void close() {
        try {
            postgres.close();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot stop PostgreSQL", e);
        }
    }
}
