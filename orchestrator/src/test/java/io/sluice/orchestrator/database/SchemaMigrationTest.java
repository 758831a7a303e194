package io.sluice.orchestrator.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicInteger;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A later version migrates while another replica has a lock on what it changes. */
class SchemaMigrationTest {
    private final AtomicInteger pauses = new AtomicInteger();
    private TestDatabase database;

    @BeforeEach
    void schemaOfThisVersion() {
        database = TestDatabase.empty("migrating");
        flyway("classpath:db/migration").migrate();
    }

    private Flyway flyway(String... locations) {
        return Flyway.configure()
                .dataSource(database.url(), database.user(), database.password())
                .locations(locations)
                .initSql("set lock_timeout = '100ms'")
                .load();
    }

    private Connection connect() throws SQLException {
        return DriverManager.getConnection(database.url(), database.user(), database.password());
    }

    @Test
    void waitsForNobodyLongAndTriesAgainUntilTheWayIsFree() throws SQLException {
        try (Connection replica = connect();
                Statement statement = replica.createStatement()) {
            replica.setAutoCommit(false);
            statement.execute("select from worker");
            SchemaMigration migration = new SchemaMigration(() -> {
                if (pauses.incrementAndGet() == 3) {
                    commit(replica);
                }
            });

            migration.migrate(flyway("classpath:db/migration", "classpath:next-version"));

            statement.execute("select colour from worker");
        }
        assertThat(pauses).hasValue(3);
    }

    @Test
    void aMigrationThatIsWrongIsToldAtOnce() throws SQLException {
        try (Connection other = connect();
                Statement statement = other.createStatement()) {
            statement.execute("alter table worker add column colour text");
        }
        SchemaMigration migration = new SchemaMigration(pauses::incrementAndGet);

        assertThatThrownBy(() -> migration.migrate(flyway("classpath:db/migration", "classpath:next-version")))
                .isInstanceOf(FlywayException.class)
                .hasMessageContaining("colour");
        assertThat(pauses).hasValue(0);
    }

    private static void commit(Connection connection) {
        try {
            connection.commit();
        } catch (SQLException e) {
            throw new IllegalStateException("cannot end the other replica's transaction", e);
        }
    }
}
