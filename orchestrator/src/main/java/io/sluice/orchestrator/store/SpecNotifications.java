package io.sluice.orchestrator.store;

import io.sluice.agent.api.WorkerId;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Properties;
import java.util.function.Consumer;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;
import org.postgresql.PGProperty;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.stereotype.Component;

/**
 * What replicas tell each other through PostgreSQL's NOTIFY: that a worker's spec has a new generation. Told with the commit
 * itself, heard on a connection of its own. A hint alone: one that is lost only waits for the end of the held call.
 */
@Component
public class SpecNotifications {
    static final String CHANNEL = "sluice_spec";

    /** By which pg_stat_activity tells these connections from the pool's. */
    private static final String APPLICATION = "sluice-listen";

    /** An idle connection is looked at this often; one that is cut silently is found then. */
    private static final int LOOK_MILLIS = 10_000;

    private static final int ANSWER_SECONDS = 5;

    private final JdbcConnectionDetails database;

    SpecNotifications(JdbcConnectionDetails database) {
        this.database = database;
    }

    private Properties properties() {
        Properties properties = new Properties();
        properties.setProperty(PGProperty.USER.getName(), String.valueOf(database.getUsername()));
        properties.setProperty(PGProperty.PASSWORD.getName(), String.valueOf(database.getPassword()));
        properties.setProperty(PGProperty.APPLICATION_NAME.getName(), APPLICATION);
        properties.setProperty(PGProperty.CONNECT_TIMEOUT.getName(), Integer.toString(ANSWER_SECONDS));
        properties.setProperty(PGProperty.LOGIN_TIMEOUT.getName(), Integer.toString(ANSWER_SECONDS));
        properties.setProperty(PGProperty.TCP_KEEP_ALIVE.getName(), "true");
        return properties;
    }

    /**
     * Listens until the connection is lost, which it says by throwing, or its thread is interrupted.
     *
     * @param listening called once nothing is missed any more: what was told before is not heard
     */
    public void listen(Runnable listening, Consumer<WorkerId> changed) throws SQLException {
        try (Connection connection = DriverManager.getConnection(database.getJdbcUrl(), properties());
                Statement statement = connection.createStatement()) {
            statement.execute("listen " + CHANNEL);
            listening.run();
            PGConnection told = connection.unwrap(PGConnection.class);
            while (!Thread.currentThread().isInterrupted()) {
                for (PGNotification notification : told.getNotifications(LOOK_MILLIS)) {
                    changed.accept(new WorkerId(notification.getParameter()));
                }
                if (!connection.isValid(ANSWER_SECONDS)) {
                    throw new SQLException("the connection does not answer any more");
                }
            }
        }
    }
}
