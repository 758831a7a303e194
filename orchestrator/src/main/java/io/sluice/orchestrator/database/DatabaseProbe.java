package io.sluice.orchestrator.database;

import io.sluice.orchestrator.problem.DatabaseUnreachable;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGProperty;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;

/** Asks the database, on a connection of its own that waits for no other, whether it is there and takes writes. */
final class DatabaseProbe implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(DatabaseProbe.class);
    private static final String APPLICATION = "sluice-watch";

    private final JdbcConnectionDetails database;
    private final Duration limit;
    private @Nullable Connection connection;

    DatabaseProbe(JdbcConnectionDetails database, Duration limit) {
        this.database = database;
        this.limit = limit;
    }

    /** Why it cannot be worked with, in words; null when it can. A connection that was cut alone is no reason: a second one is tried. */
    @Nullable
    String look() {
        try {
            return ask();
        } catch (SQLException first) {
            log.debug("the connection that watches the database is lost, tries another", first);
            forget();
        }
        try {
            return ask();
        } catch (SQLException e) {
            forget();
            log.debug("cannot reach the database", e);
            return words(e);
        }
    }

    private @Nullable String ask() throws SQLException {
        Connection open = connection;
        if (open == null) {
            open = DriverManager.getConnection(database.getJdbcUrl(), properties());
            connection = open;
        }
        try (Statement statement = open.createStatement();
                ResultSet row = statement.executeQuery("select pg_is_in_recovery()")) {
            row.next();
            return row.getBoolean(1) ? "it is a standby and takes no writes" : null;
        }
    }

    private Properties properties() {
        String seconds = Long.toString(Math.max(1, limit.toSeconds()));
        Properties properties = new Properties();
        properties.setProperty(PGProperty.USER.getName(), String.valueOf(database.getUsername()));
        properties.setProperty(PGProperty.PASSWORD.getName(), String.valueOf(database.getPassword()));
        properties.setProperty(PGProperty.APPLICATION_NAME.getName(), APPLICATION);
        properties.setProperty(PGProperty.CONNECT_TIMEOUT.getName(), seconds);
        properties.setProperty(PGProperty.LOGIN_TIMEOUT.getName(), seconds);
        properties.setProperty(PGProperty.SOCKET_TIMEOUT.getName(), seconds);
        return properties;
    }

    private String words(SQLException e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof SocketTimeoutException) {
                return "it does not answer within " + limit.toSeconds() + " s";
            }
            if (cause instanceof ConnectException) {
                return "connections to it are refused";
            }
        }
        String state = String.valueOf(e.getSQLState());
        return switch (state) {
            case "57P03" -> "it is starting up or shutting down";
            case "53300" -> "it has no connection left to give";
            case "28P01", "28000" -> "it does not accept the user or the password";
            default ->
                DatabaseUnreachable.saidBy(e)
                        ? "it gives no answer, or connections to it break (SQL state " + state + ")"
                        : "it refuses to be asked (SQL state " + state + ")";
        };
    }

    private void forget() {
        Connection old = connection;
        connection = null;
        if (old != null) {
            try {
                old.close();
            } catch (SQLException e) {
                log.debug("a broken connection was not closed", e);
            }
        }
    }

    @Override
    public void close() {
        forget();
    }
}
