package io.sluice.db;

import static org.assertj.core.api.Assertions.assertThat;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.MigrationInfo;
import org.flywaydb.core.api.MigrationVersion;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * While replicas are upgraded one after another, the new one has migrated the database and the old ones go on with it: every
 * migration after the first only adds, and nothing it adds is asked of who does not know it.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AdditiveMigrationsTest {
    private EmbeddedPostgres postgres;
    private DataSource database;
    private final List<MigrationVersion> versions = new ArrayList<>();
    private final List<Catalog> catalogs = new ArrayList<>();

    @BeforeAll
    void migrateStepByStep() throws IOException, SQLException {
        postgres = EmbeddedPostgres.builder()
                .setServerConfig("listen_addresses", "127.0.0.1")
                .setServerConfig("fsync", "off")
                .start();
        database = postgres.getPostgresDatabase();
        Arrays.stream(Flyway.configure().dataSource(database).load().info().all())
                .map(MigrationInfo::getVersion)
                .forEach(versions::add);
        for (MigrationVersion version : versions) {
            Flyway.configure().dataSource(database).target(version).load().migrate();
            try (Connection connection = database.getConnection()) {
                catalogs.add(Catalog.read(connection));
            }
        }
    }

    @AfterAll
    void stop() throws IOException {
        postgres.close();
    }

    @Test
    void noMigrationTakesAnythingFromTheReplicasOfTheVersionBefore() {
        assertThat(versions).hasSizeGreaterThan(1);
        for (int i = 1; i < versions.size(); i++) {
            assertThat(catalogs.get(i - 1).brokenBy(catalogs.get(i)))
                    .as("migration V%s", versions.get(i))
                    .isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            drop table notice cascade                                   | is gone
            alter table worker drop column rack                         | worker.rack is gone
            alter table worker rename column rack to shelf              | worker.rack is gone
            alter table worker add column shelf text not null           | worker.shelf is new and must be given
            alter table worker alter column rack set not null           | worker.rack must be given now
            alter table worker alter column labels drop default         | worker.labels must be given now
            alter table drain alter column priority type bigint         | drain.priority was integer
            create unique index on worker (name)                        | new rule
            alter table worker add check (cpu_millis > 5)               | new rule
            alter table worker add column shelf text, add unique (rack, shelf) | new rule
            create trigger t before update on worker for each row execute function generation_never_falls() | new rule
            drop function notice_to_webhooks() cascade                  | function notice_to_webhooks() is gone
            """)
    void whatWouldHurtThemIsNoticed(String change, String noticed) throws SQLException {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute(change);
            List<String> broken = catalogs.getLast().brokenBy(Catalog.read(connection));
            connection.rollback();

            assertThat(broken).anySatisfy(problem -> assertThat(problem).contains(noticed));
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            alter table worker add column shelf text
            alter table worker add column shelf text not null default '' check (shelf <> 'x')
            create table shelf (name text primary key, worker text not null references worker)
            create index on worker (name)
            """)
    void whatOnlyAddsIsNot(String change) throws SQLException {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute(change);
            List<String> broken = catalogs.getLast().brokenBy(Catalog.read(connection));
            connection.rollback();

            assertThat(broken).isEmpty();
        }
    }
}
