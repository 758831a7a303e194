package io.sluice.orchestrator.store;

import io.sluice.agent.api.MigrationId;
import io.sluice.agent.api.PoolName;
import io.sluice.agent.api.ResourceRequest;
import io.sluice.agent.api.VolumeId;
import io.sluice.agent.api.WorkerId;
import io.sluice.agent.api.WorkloadDefinition;
import io.sluice.agent.api.WorkloadId;
import io.sluice.orchestrator.database.TestDatabase;
import io.sluice.orchestrator.fleet.Cargo;
import io.sluice.orchestrator.migration.MigrationState;
import io.sluice.orchestrator.settings.Secrets;
import io.sluice.orchestrator.settings.ServerSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.flywaydb.core.Flyway;
import org.jspecify.annotations.Nullable;
import org.postgresql.ds.PGSimpleDataSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.json.JsonMapper;

/** A database with workers "a", "b" and "c" and one open drain of "a"; migrations are put where a test wants them. */
final class StoredFleet {
    static final WorkerId A = new WorkerId("a");
    static final WorkerId B = new WorkerId("b");
    static final WorkerId C = new WorkerId("c");

    static final ServerSettings SETTINGS = settings(Duration.ofSeconds(10));

    private static ServerSettings settings(Duration lease) {
        return settings(Path.of("unused"), "jdbc:postgresql:", lease);
    }

    static ServerSettings settings(Path dataDir, String databaseUrl, Duration lease) {
        return new ServerSettings(
                dataDir,
                new ServerSettings.Database(databaseUrl, "", null),
                new ServerSettings.Tokens(null, null, null, null, null, null),
                null,
                null,
                null,
                Duration.ofSeconds(45),
                Duration.ofSeconds(2),
                Duration.ofHours(1),
                new ServerSettings.Alerts(Duration.ofMinutes(10), Duration.ofHours(6), Duration.ofMinutes(30)),
                new ServerSettings.Replica(
                        lease, Duration.ofSeconds(3), Duration.ofSeconds(60), Duration.ofSeconds(20)));
    }

    final JdbcClient sql;
    final SqlCeilings ceilings;
    final SqlMigrationStore store;
    final SqlPacing pacing;
    final SqlSteeringStore steering;
    private final Json json = new Json(JsonMapper.builder().build());
    private int made;

    /** Those of another replica each time. */
    Leases leases(Duration lease) {
        return new Leases(sql, settings(lease));
    }

    StoredFleet(TestDatabase database) {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setUrl(database.url());
        source.setUser(database.user());
        source.setPassword(database.password());
        Flyway.configure().dataSource(source).load().migrate();
        sql = JdbcClient.create(source);
        TransactionTemplate transaction = new TransactionTemplate(new JdbcTransactionManager(source));
        ceilings = new SqlCeilings(sql, json, transaction);
        store = new SqlMigrationStore(
                sql, new MigrationRows(json), new Reports(sql, json), ceilings, SETTINGS, transaction);
        pacing = new SqlPacing(sql, store, transaction);
        steering = new SqlSteeringStore(sql, store, transaction);
        for (String table : List.of("migration_event", "migration", "drain", "worker", "ceiling", "setting_change")) {
            sql.sql("delete from " + table).update();
        }
        List.of(A, B, C).forEach(this::worker);
        sql.sql("""
            insert into drain (id, worker, actor, reason, max_concurrent_per_source, max_concurrent_per_destination)
            values ('d1', 'a', 'test', '', 2, 2)\
            """).update();
    }

    /** Takes reports, and keeps its secrets in that folder. */
    SqlHostStore hosts(Path data) {
        SecretBox secrets = new SecretBox(new Secrets(settings(data, "embedded", Duration.ofSeconds(10))));
        return new SqlHostStore(
                sql, json, new MigrationRows(json), secrets, new Reports(sql, json), new HydrationRows(sql, json));
    }

    private void worker(WorkerId id) {
        sql.sql("""
            insert into worker (id, machine_id, claim_hash, credential_hash, name, portal_host, portal_port,
                initiator_name, dm_clone, portable_clone, cpu_millis, memory_bytes, agent_version, spec_generation)
            values (:id, :id, sha256('claim'), sha256(:id::bytea), :id, '127.0.0.1', 3260, 'iqn.' || :id,
                false, true, 0, 0, 'test', 10)\
            """).param("id", id.value()).update();
    }

    /** Workload and volume of one name, from "a" to this destination. */
    MigrationId migration(String workload, WorkerId destination, MigrationState state, @Nullable String group) {
        VolumeId volume = new VolumeId(workload + "-data");
        PoolName pool = new PoolName("main");
        Cargo cargo = new Cargo(
                new WorkloadDefinition(
                        new WorkloadId(workload),
                        List.of(volume),
                        "none",
                        null,
                        group,
                        Map.of(),
                        ResourceRequest.NONE,
                        1,
                        1),
                true,
                List.of(new Cargo.Volume(volume, pool, 1 << 20, 4096, null, 2)));
        made++;
        sql.sql("""
            insert into migration (id, drain, position, attempt, cargo_name, workload, workload_group, cargo,
                source, destination, pools, state, epoch, secrets, retain_seconds, cutover_group)
            values ('m-' || :name, 'd1', :position, 1, :name, :name, :group, :cargo::jsonb,
                'a', :destination, array['main'], :state, 3, 'sealed', 60, :blocked)\
            """)
                .param("name", workload)
                .param("position", made)
                .param("group", group)
                .param("cargo", json.text(cargo))
                .param("destination", destination.value())
                .param("state", state.title())
                .param("blocked", state.inCutover() ? group : null)
                .update();
        sql.sql("""
            insert into migration_volume (migration, live, volume, ordinal, source_pool, destination_pool, size_bytes,
                block_bytes)
            values ('m-' || :name, true, :name || '-data', 0, 'main', 'main', 1048576, 4096)\
            """).param("name", workload).update();
        return new MigrationId("m-" + workload);
    }

    long generation(WorkerId worker) {
        return number("select spec_generation from worker where id = ?", worker.value());
    }

    long number(String query, String id) {
        return sql.sql(query).param(id).query(Long.class).single();
    }

    List<String> events(MigrationId migration) {
        return sql.sql("select from_state || '>' || to_state || ' ' || version from migration_event"
                        + " where migration = ? order by id")
                .param(migration.value())
                .query((row, number) -> row.getString(1))
                .list();
    }
}
