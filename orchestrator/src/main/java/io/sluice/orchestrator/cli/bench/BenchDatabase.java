package io.sluice.orchestrator.cli.bench;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;

/** A PostgreSQL of the benchmark's own, as the embedded one of the orchestrator but with {@code pg_stat_statements}. */
final class BenchDatabase implements AutoCloseable {
    static final String USER = "postgres";

    /** What the benchmark itself asks names that view; beginning and ending a transaction costs no round trip of its own. */
    private static final String COUNTED =
            " from pg_stat_statements where query not like '%pg_stat%' and query not in ('BEGIN', 'COMMIT', 'ROLLBACK')"
                    + " and query not like 'SET %' and query not like 'SHOW %'";

    private final EmbeddedPostgres postgres;
    private final Connection connection;
    private final Path passwordFile;

    private BenchDatabase(EmbeddedPostgres postgres, Connection connection, Path passwordFile) {
        this.postgres = postgres;
        this.connection = connection;
        this.passwordFile = passwordFile;
    }

    static BenchDatabase start(Path directory) throws IOException, SQLException {
        Path passwordFile = Files.writeString(directory.resolve("password"), password());
        String password = Files.readString(passwordFile);
        EmbeddedPostgres postgres = EmbeddedPostgres.builder()
                .setOverrideWorkingDirectory(directory.resolve("program").toFile())
                .setDataDirectory(directory.resolve("data"))
                .setRegisterShutdownHook(true)
                .setErrorRedirector(ProcessBuilder.Redirect.appendTo(
                        directory.resolve("postgres.log").toFile()))
                .setOutputRedirector(ProcessBuilder.Redirect.appendTo(
                        directory.resolve("postgres.log").toFile()))
                .setConnectConfig("password", password)
                .setLocaleConfig("auth", "scram-sha-256")
                .setLocaleConfig("pwfile", passwordFile.toString())
                .setServerConfig("listen_addresses", "127.0.0.1")
                .setServerConfig("unix_socket_directories", "")
                .setServerConfig("password_encryption", "scram-sha-256")
                .setServerConfig("max_connections", "60")
                .setServerConfig("shared_preload_libraries", "pg_stat_statements")
                .start();
        Connection connection = DriverManager.getConnection(url(postgres), USER, password);
        try (Statement statement = connection.createStatement()) {
            statement.execute("create extension pg_stat_statements");
        }
        return new BenchDatabase(postgres, connection, passwordFile);
    }

    private static String password() {
        byte[] bytes = new byte[24];
        new SecureRandom().nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    private static String url(EmbeddedPostgres postgres) {
        return "jdbc:postgresql://127.0.0.1:" + postgres.getPort() + "/postgres";
    }

    List<String> serverOptions() {
        return List.of(
                "--database-url",
                url(postgres),
                "--database-user",
                USER,
                "--database-password-file",
                passwordFile.toString());
    }

    long statements() throws SQLException {
        return number("select coalesce(sum(calls), 0)::bigint" + COUNTED);
    }

    long transitions() throws SQLException {
        return number("select count(*) from migration_event where from_state is not null");
    }

    long liveMigrations() throws SQLException {
        return number("select count(*) from migration where live");
    }

    long reports() throws SQLException {
        return number("select count(*) from host_report");
    }

    private long number(String query) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            row.next();
            return row.getLong(1);
        }
    }

    void analyze() throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("vacuum analyze");
        }
    }

    void resetStatistics() throws SQLException {
        number("select 1 from pg_stat_statements_reset()");
    }

    /** What took the database most time since the last reset, one line each. */
    List<String> dearest(int limit) throws SQLException {
        List<String> lines = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(
                        "select calls, total_exec_time, mean_exec_time, rows, regexp_replace(left(query, 150), '\\s+', ' ', 'g') as words"
                                + COUNTED + " order by total_exec_time desc limit " + limit)) {
            while (row.next()) {
                lines.add(String.format(
                        Locale.ROOT,
                        "%8d calls %9.0f ms %8.2f ms each %9d rows  %s",
                        row.getLong(1),
                        row.getDouble(2),
                        row.getDouble(3),
                        row.getLong(4),
                        row.getString(5)));
            }
        }
        return lines;
    }

    @Override
    public void close() throws IOException, SQLException {
        connection.close();
        postgres.close();
    }
}
