package io.sluice.db;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.output.MigrateResult;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The migrations on an empty PostgreSQL, and what the result refuses. Each test's rows are rolled back. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SchemaTest {
    private EmbeddedPostgres postgres;
    private MigrateResult applied;
    private Connection connection;

    @BeforeAll
    void migrate() throws IOException {
        postgres = EmbeddedPostgres.builder()
                .setServerConfig("listen_addresses", "127.0.0.1")
                .setServerConfig("fsync", "off")
                .start();
        applied = Flyway.configure()
                .dataSource(postgres.getPostgresDatabase())
                .load()
                .migrate();
    }

    @AfterAll
    void stop() throws IOException {
        postgres.close();
    }

    @BeforeEach
    void twoWorkersAndADrain() throws SQLException {
        connection = postgres.getPostgresDatabase().getConnection();
        connection.setAutoCommit(false);
        worker("a");
        worker("b");
        drain("d1", "a");
    }

    @AfterEach
    void rollBack() throws SQLException {
        connection.rollback();
        connection.close();
    }

    private void run(String statement) throws SQLException {
        try (Statement one = connection.createStatement()) {
            one.execute(statement);
        }
    }

    private void worker(String id) throws SQLException {
        run("""
                insert into worker (id, machine_id, claim_hash, credential_hash, name, portal_host, portal_port,
                    initiator_name, dm_clone, portable_clone, cpu_millis, memory_bytes, agent_version, spec_generation)
                values ('%1$s', '%1$s', sha256('claim'), sha256('%1$s'), '%1$s', '127.0.0.1', 3260, 'iqn.%1$s',
                    false, true, 0, 0, 'test', 10)""".formatted(id));
    }

    private void drain(String id, String worker) throws SQLException {
        run("""
                insert into drain (id, worker, actor, reason, max_concurrent_per_source, max_concurrent_per_destination)
                values ('%s', '%s', 'test', '', 2, 2)""".formatted(id, worker));
    }

    private void migration(String id, String workload, String state) throws SQLException {
        boolean ended = state.equals("Done") || state.equals("Aborted");
        run("""
                insert into migration (id, drain, position, attempt, cargo_name, workload, cargo, source, destination,
                    pools, state, epoch, retain_seconds, ended_at)
                values ('%s', 'd1', 0, 1, '%s', '%s', '{}', 'a', 'b', array['main'], '%s', 3, 0, %s)""".formatted(id, workload, workload, state, ended ? "now()" : "null"));
    }

    private void volume(String migration, String volume) throws SQLException {
        run("""
                insert into migration_volume (migration, live, volume, ordinal, source_pool, destination_pool, size_bytes,
                    block_bytes)
                values ('%s', true, '%s', 0, 'main', 'main', 4096, 4096)""".formatted(migration, volume));
    }

    private void refused(String because, String statement) {
        assertThatThrownBy(() -> run(statement))
                .isInstanceOf(SQLException.class)
                .hasMessageContaining(because);
    }

    private List<String> column(String query) throws SQLException {
        List<String> values = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(query)) {
            while (rows.next()) {
                values.add(rows.getString(1));
            }
        }
        return values;
    }

    @Test
    void appliesToAnEmptyDatabaseAndOnlyOnce() {
        assertThat(applied.success).isTrue();
        assertThat(applied.migrationsExecuted).isPositive();
        assertThat(Flyway.configure()
                        .dataSource(postgres.getPostgresDatabase())
                        .load()
                        .migrate()
                        .migrationsExecuted)
                .isZero();
    }

    @Test
    void describesEveryTable() throws SQLException {
        assertThat(column("""
                        select c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace
                        where n.nspname = 'public' and c.relkind = 'r' and c.relname not like 'flyway%'
                          and obj_description(c.oid) is null""")).isEmpty();
    }

    @Test
    void holdsOneOpenDrainPerWorker() throws SQLException {
        refused("drain_open_once_per_worker", """
                insert into drain (id, worker, actor, reason, max_concurrent_per_source, max_concurrent_per_destination)
                values ('d2', 'a', 'test', '', 2, 2)""");
    }

    @Test
    void endsADrainOnlyWithWhatLedToItsOutcome() {
        refused("check constraint", "update drain set closed_at = now(), outcome = 'DRAINED' where id = 'd1'");
    }

    @Test
    void holdsOneLiveMigrationPerWorkload() throws SQLException {
        migration("m1", "db", "Hydrating");
        refused("migration_live_once_per_workload", """
                insert into migration (id, drain, position, attempt, cargo_name, workload, cargo, source, destination,
                    pools, state, epoch, retain_seconds)
                values ('m2', 'd1', 1, 2, 'db', 'db', '{}', 'a', 'b', array['main'], 'Planned', 4, 0)""");
    }

    @Test
    void movesAVolumeInOneLiveMigrationAndFreesItAtTheEnd() throws SQLException {
        migration("m1", "db", "Releasing");
        volume("m1", "v1");
        migration("m2", "web", "Planned");
        run("savepoint before");
        assertThatThrownBy(() -> volume("m2", "v1")).hasMessageContaining("migration_volume_live_once");
        run("rollback to before");

        run("update migration set state = 'Done', ended_at = now() where id = 'm1'");
        volume("m2", "v1");

        assertThat(column("select live from migration_volume order by migration"))
                .containsExactly("f", "t");
    }

    @Test
    void keepsNoSecretsOfWhatHasEnded() throws SQLException {
        migration("m1", "db", "Releasing");
        run("update migration set secrets = 'sealed' where id = 'm1'");
        refused("secrets_wiped_when_ended", "update migration set state = 'Done', ended_at = now() where id = 'm1'");
    }

    @Test
    void letsOneMemberOfAGroupCutOver() throws SQLException {
        migration("m1", "db-1", "Stopping");
        migration("m2", "db-2", "Stopping");
        run("update migration set cutover_group = 'db' where id = 'm1'");
        refused("migration_cutover_once_per_group", "update migration set cutover_group = 'db' where id = 'm2'");
    }

    @Test
    void blocksAGroupDuringTheCutoverAlone() throws SQLException {
        migration("m1", "db", "Ready");
        refused("check constraint", "update migration set cutover_group = 'db' where id = 'm1'");
    }

    @ParameterizedTest
    @CsvSource({
        "Starting,Cloning",
        "Starting,Aborting",
        "Hydrating,Aborting",
        "Settling,Aborted",
        "Releasing,Planned",
        "Done,Aborting"
    })
    void neverGoesBackPastStarting(String from, String to) throws SQLException {
        migration("m1", "db", from);
        refused("point of no return", "update migration set state = '" + to + "', ended_at = null where id = 'm1'");
    }

    @ParameterizedTest
    @CsvSource({"Cloning,Aborting", "Cloning,Starting", "Aborting,Aborted", "Starting,Hydrating"})
    void goesWhereTheMachineGoes(String from, String to) throws SQLException {
        migration("m1", "db", from);
        run("update migration set state = '%s', ended_at = %s where id = 'm1'"
                .formatted(to, to.equals("Aborted") ? "now()" : "null"));
        assertThat(column("select state from migration")).containsExactly(to);
    }

    @Test
    void takesOneEventPerCommit() throws SQLException {
        migration("m1", "db", "Planned");
        String event =
                "insert into migration_event (migration, drain, to_state, version) values ('m1', 'd1', 'Ready', 1)";
        run(event);
        refused("duplicate key", event);
    }

    @Test
    void lowersNoGeneration() {
        refused("may not fall from 10 to 9", "update worker set spec_generation = 9 where id = 'a'");
    }

    @ParameterizedTest
    @CsvSource({"4", "3"})
    void lowersNoEpoch(String next) throws SQLException {
        run("insert into epoch_counter (subject, epoch) values ('volume/v1', 4)");
        refused("may not fall", "update epoch_counter set epoch = " + next + " where subject = 'volume/v1'");
    }

    @Test
    void movesNothingOntoItself() {
        refused("check constraint", """
                insert into migration (id, drain, position, attempt, cargo_name, cargo, source, destination, pools, state,
                    epoch, retain_seconds)
                values ('m1', 'd1', 0, 1, 'db', '{}', 'a', 'a', array['main'], 'Planned', 1, 0)""");
    }

    @Test
    void takesNoTwoWorkersOfOneMachine() {
        refused("worker_machine_id_key", "update worker set machine_id = 'a' where id = 'b'");
    }
}
