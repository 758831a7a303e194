package io.sluice.orchestrator.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.orchestrator.settings.StartupException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The server's own PostgreSQL. */
class EmbeddedDatabaseTest {
    @TempDir
    Path directory;

    @Test
    void takesNobodyWithoutThePasswordAndKeepsWhatItHoldsOverARestart() throws IOException, SQLException {
        String url;
        try (EmbeddedDatabase database = EmbeddedDatabase.start(directory)) {
            url = database.jdbcUrl();
            try (Connection connection = connect(database, database.password());
                    Statement statement = connection.createStatement()) {
                statement.execute("create table kept (id integer)");
            }
            assertThatThrownBy(() -> connect(database, "another password"))
                    .isInstanceOf(SQLException.class)
                    .hasMessageContaining("password authentication failed");
            assertThatThrownBy(() -> EmbeddedDatabase.start(directory))
                    .isInstanceOf(StartupException.class)
                    .hasMessageContaining("another Sluice server");
        }
        assertThat(url).startsWith("jdbc:postgresql://127.0.0.1:");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.resolve("postgres/password"))))
                .isEqualTo("rw-------");

        try (EmbeddedDatabase database = EmbeddedDatabase.start(directory);
                Connection connection = connect(database, database.password());
                Statement statement = connection.createStatement()) {
            assertThat(statement.executeQuery("select from kept").next()).isFalse();
        }
    }

    private static Connection connect(EmbeddedDatabase database, String password) throws SQLException {
        return DriverManager.getConnection(database.jdbcUrl(), EmbeddedDatabase.USER, password);
    }
}
