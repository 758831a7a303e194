package io.sluice.orchestrator.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.agent.api.HostReport;
import io.sluice.agent.api.MigrationId;
import io.sluice.agent.api.PoolName;
import io.sluice.agent.api.VolumeId;
import io.sluice.agent.api.VolumeReport;
import io.sluice.agent.api.VolumeRole;
import io.sluice.agent.api.WorkerId;
import io.sluice.orchestrator.agents.HeartbeatStore;
import io.sluice.orchestrator.database.TestDatabase;
import io.sluice.orchestrator.fleet.DrainId;
import io.sluice.orchestrator.migration.MigrationState.Reversible;
import io.sluice.orchestrator.migration.Situation;
import io.sluice.orchestrator.migration.Transition;
import io.sluice.orchestrator.reason.Reason;
import io.sluice.orchestrator.settings.Secrets;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.ds.PGSimpleDataSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.json.JsonMapper;

/**
 * A fleet of 10,000 workers with 100,000 volumes that have been moved and 1,000 that are on their way: what is asked with every sync,
 * every step, every tick and every look at a drain finds its rows by an index.
 */
class QueryPlansTest {
    private static final TestDatabase DATABASE = TestDatabase.empty("query_plans");

    private static final List<String> BIG = List.of(
            "worker",
            "host_report",
            "drain",
            "plan",
            "migration",
            "migration_volume",
            "migration_event",
            "epoch_counter");

    private static final WorkerId SOURCE = new WorkerId("w1");
    private static final WorkerId DESTINATION = new WorkerId("w2");
    private static final MigrationId LIVE = new MigrationId("m1");
    private static final DrainId DRAIN = new DrainId("d1");

    private static final PGSimpleDataSource SOURCE_OF_DATA = new PGSimpleDataSource();

    private final ExplainedStatements explained = new ExplainedStatements();
    private final DataSource source = explained.through(SOURCE_OF_DATA);
    private final JdbcClient sql = JdbcClient.create(source);
    private final JsonMapper mapper = JsonMapper.builder().build();
    private final Json json = new Json(mapper);
    private final TransactionTemplate transaction = new TransactionTemplate(new JdbcTransactionManager(source));
    private final Reports reports = new Reports(sql, json);
    private final MigrationRows rows = new MigrationRows(json);
    private final HydrationRows hydration = new HydrationRows(sql, json);
    private final SqlMigrationStore migrations = new SqlMigrationStore(
            sql, rows, reports, new SqlCeilings(sql, json, transaction), StoredFleet.SETTINGS, transaction);

    @TempDir
    private Path directory;

    @BeforeAll
    static void fill() {
        SOURCE_OF_DATA.setUrl(DATABASE.url());
        SOURCE_OF_DATA.setUser(DATABASE.user());
        SOURCE_OF_DATA.setPassword(DATABASE.password());
        Flyway.configure().dataSource(SOURCE_OF_DATA).load().migrate();
        JdbcClient.create(SOURCE_OF_DATA).sql("""
            set session_replication_role = replica;
            insert into worker (id, machine_id, claim_hash, credential_hash, name, portal_host, portal_port, initiator_name,
                dm_clone, portable_clone, cpu_millis, memory_bytes, agent_version, last_seen)
            select 'w' || i, 'w' || i, sha256('claim'), sha256(('w' || i)::bytea), 'w' || i, '127.0.0.1', 3260, 'iqn.w' || i,
                false, true, 0, 0, 'test', now() from generate_series(1, 10000) i;
            insert into host_report (worker, report)
            select 'w' || i, jsonb_build_object('worker', 'w' || i, 'incarnation', -1, 'sequence', -1, 'appliedGeneration', 0,
                'bootId', 'b', 'actionsPending', 0, 'pools', '[]'::jsonb, 'volumes', '[]'::jsonb, 'workloads', '[]'::jsonb,
                'exports', '[]'::jsonb, 'incoming', '[]'::jsonb, 'failures', '[]'::jsonb) from generate_series(1, 10000) i;
            insert into drain (id, worker, actor, reason, max_concurrent_per_source, max_concurrent_per_destination, closed_at,
                outcome, drained_at)
            select 'd' || i, 'w' || i, 'test', '', 2, 2, case when i > 100 then now() end,
                case when i > 100 then 'DRAINED' end, case when i > 100 then now() end from generate_series(1, 10000) i;
            insert into plan (id, drain, hash, plan) select 'p' || i, 'd' || i, '', '{}' from generate_series(1, 10000) i;
            insert into migration (id, drain, position, attempt, cargo_name, workload, cargo, source, destination, pools, state,
                epoch, retain_seconds, ended_at)
            select 'm' || i, 'd' || d, i, 1, 'app-' || i, 'app-' || i,
                jsonb_build_object('workload', null, 'wasRunning', false, 'volumes', jsonb_build_array(jsonb_build_object(
                    'id', 'v' || i, 'pool', 'main', 'sizeBytes', 1048576, 'blockBytes', 4096, 'allocatedBytes', null, 'epoch', 2))),
                'w' || d, 'w' || 1 + d % 10000, array['main'], case when i > 1000 then 'Done' else 'Planned' end, 3, 60,
                case when i > 1000 then now() end
            from generate_series(1, 100000) i, lateral (select case when i > 1000 then i / 10 else 1 + i / 10 end as d) owner;
            insert into migration_volume (migration, live, volume, ordinal, source_pool, destination_pool, size_bytes, block_bytes, summed)
            select 'm' || i, i <= 1000, 'v' || i, 0, 'main', 'main', 1048576, 4096, i > 1000 from generate_series(1, 100000) i;
            insert into migration_event (migration, drain, to_state, version)
            select 'm' || i, 'd' || i / 10, 'Planned', version from generate_series(1, 100000) i, generate_series(0, 2) version;
            insert into epoch_counter (subject, epoch) select 'volume/v' || i, 3 from generate_series(1, 100000) i;
            set session_replication_role = origin;
            analyze;
            """).update();
    }

    @BeforeEach
    void forget() {
        explained.clear();
    }

    private SqlHostStore hosts() {
        SecretBox secrets =
                new SecretBox(new Secrets(StoredFleet.settings(directory, "embedded", Duration.ofSeconds(10))));
        return new SqlHostStore(sql, json, rows, secrets, reports, hydration);
    }

    private void findsItsRows() {
        assertThat(explained.count()).as("statements that were looked at").isPositive();
        assertThat(explained.scanning(BIG))
                .as("statements that read a whole table")
                .isEmpty();
    }

    private static HostReport report(long sequence) {
        VolumeReport volume = new VolumeReport(
                new VolumeId("v1"), new PoolName("main"), 1 << 20, 4096, null, 2, VolumeRole.OWNED, true, null);
        return new HostReport(
                SOURCE,
                1,
                sequence,
                0,
                "boot",
                0,
                List.of(),
                List.of(volume),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                null,
                null);
    }

    @Test
    void aSync() {
        SqlHostStore hosts = hosts();
        new SqlWorkerIdentities(sql, mapper).byCredential(new byte[32]);

        transaction.executeWithoutResult(status -> {
            assertThat(hosts.take(report(1))).isTrue();
            status.setRollbackOnly();
        });
        hosts.spec(SOURCE);
        assertThat(migrations.situations(SOURCE)).isNotEmpty();
        assertThat(migrations.planned(SOURCE, 0, 64)).isNotEmpty();
        assertThat(migrations.underWay(SOURCE)).isEmpty();

        findsItsRows();
    }

    @Test
    void aBatchOfHeartbeats() {
        SqlHostStore hosts = hosts();
        SqlHeartbeats heartbeats = new SqlHeartbeats(sql, json, reports, hydration);

        transaction.executeWithoutResult(status -> {
            hosts.take(report(1));
            assertThat(heartbeats.beat(List.of(new HeartbeatStore.Beat(report(1), report(2)))))
                    .extracting(HeartbeatStore.Standing::sequence)
                    .containsExactly(2L);
            status.setRollbackOnly();
        });

        findsItsRows();
    }

    @Test
    void aStepOfAMigration() {
        Situation situation = Objects.requireNonNull(migrations.situation(LIVE));

        transaction.executeWithoutResult(status -> {
            migrations.commit(new Transition(
                    situation.migration(),
                    Reversible.PREPARING,
                    null,
                    null,
                    situation.generations(),
                    situation.rooms()));
            migrations.note(LIVE, 1, new Reason("BUSY", "waits", "wait"));
            status.setRollbackOnly();
        });

        findsItsRows();
    }

    @Test
    void theTicks() {
        SqlPacing pacing = new SqlPacing(sql, migrations, transaction);
        pacing.copying();
        pacing.paced();
        pacing.waiting();
        new SqlCeilings(sql, json, transaction).taken();
        sql.sql(DrainEntities.SHOWN).param("ended", 0).query(rows -> {});
        sql.sql(DrainEntities.SHOWN).param("ended", 100).query(rows -> {});
        sql.sql(DrainEntities.OPEN).param("worker", "w1").query(rows -> {});
        new SqlFleet(sql, mapper, rows, reports, StoredFleet.SETTINGS).read(DESTINATION);

        findsItsRows();
    }

    @Test
    void whatIsMeasured() {
        HydrationTotals totals = new HydrationTotals(sql);
        totals.sum();
        assertThat(totals.sumUp()).isZero();

        findsItsRows();
    }

    @Test
    void aLookAtADrain() {
        SqlFleet fleet = new SqlFleet(sql, mapper, rows, reports, StoredFleet.SETTINGS);
        SqlDrainReader reader =
                new SqlDrainReader(sql, notAsked(DrainEntities.class), rows, json, fleet, new HydrationTotals(sql));
        assertThat(reader.migrations(DRAIN)).isNotEmpty();
        assertThat(reader.migration(LIVE)).isNotNull();
        assertThat(reader.migrations(100)).hasSize(100);
        reader.events(DRAIN, 0, 100);
        assertThat(fleet.read(SOURCE).workers()).hasSize(1);

        findsItsRows();
    }

    /** JPA's statements are looked at by themselves: {@link #theTicks}. */
    private static <T> T notAsked(Class<T> type) {
        return type.cast(
                Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (self, method, arguments) -> {
                    throw new IllegalStateException(method + " was not to be asked");
                }));
    }

    @Test
    void whatTheMigrationsOfAPlanAreMadeWith() {
        sql.sql(Epochs.GIVEN).param("subjects", "volume/v1,volume/v2").query(row -> {});
        new Epochs(Map.of(new VolumeId("v1"), 5L), Map.of("volume/v1", 7L)).keep(sql, json);

        findsItsRows();
    }
}
