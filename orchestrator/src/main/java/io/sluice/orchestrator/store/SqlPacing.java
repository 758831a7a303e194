package io.sluice.orchestrator.store;

import io.sluice.agent.api.MigrationId;
import io.sluice.agent.api.RegisterRequest.Location;
import io.sluice.agent.api.VolumeId;
import io.sluice.agent.api.WorkerId;
import io.sluice.orchestrator.ceiling.Grant;
import io.sluice.orchestrator.ceiling.PacedVolume;
import io.sluice.orchestrator.ceiling.PacingStore;
import io.sluice.orchestrator.fleet.Link;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.support.TransactionTemplate;

/** Rates in PostgreSQL. A grant locks both workers' rows as a commit does, in the same order. */
@Repository
class SqlPacing implements PacingStore {
    /**
     * What is hydrated whole copies nothing any more. A cutover that has missed its deadline keeps nobody's rate for longer: it
     * may last for hours.
     */
    private static final String COPYING = """
        with cutover as (
            select source, destination from migration
            where live and state in ('Stopping', 'Cloning', 'Starting') and deadline_at > clock_timestamp())
        select m.id, m.source, m.destination, s.region, s.zone, s.rack, d.region as to_region, d.zone as to_zone,
            d.rack as to_rack, r.priority, v.volume, v.granted_bytes_per_second,
            case when s.converged_generation >= v.paced_source_generation
                   or d.converged_generation >= v.paced_destination_generation
                then null else v.loose_bytes_per_second end as loose,
            exists (select from cutover c where c.source in (m.source, m.destination)
                or c.destination in (m.source, m.destination)) as untouchable
        from migration m
        join drain r on r.id = m.drain
        join migration_volume v on v.migration = m.id
        join worker s on s.id = m.source
        join worker d on d.id = m.destination
        where m.live and m.state = 'Hydrating'
          and (v.hydrated_regions is null or v.hydrated_regions < v.total_regions)
        order by m.id, v.ordinal\
        """;

    private final JdbcClient sql;
    private final SqlMigrationStore migrations;
    private final TransactionTemplate transaction;

    SqlPacing(JdbcClient sql, SqlMigrationStore migrations, TransactionTemplate transaction) {
        this.sql = sql;
        this.migrations = migrations;
        this.transaction = transaction;
    }

    @Override
    public List<PacedVolume> copying() {
        return sql.sql(COPYING).query((row, number) -> volume(row)).list();
    }

    @Override
    public boolean paced() {
        return sql.sql("""
            select exists (select from migration_volume
                where live and (granted_bytes_per_second is not null or loose_bytes_per_second is not null))\
            """).query(Boolean.class).single();
    }

    private static PacedVolume volume(ResultSet row) throws SQLException {
        Long granted = Json.number(row, "granted_bytes_per_second");
        Long loose = Json.number(row, "loose");
        long rate = granted == null ? PacedVolume.UNLIMITED : granted;
        return new PacedVolume(
                new MigrationId(row.getString("id")),
                new VolumeId(row.getString("volume")),
                Link.path(
                        new WorkerId(row.getString("source")),
                        new Location(row.getString("region"), row.getString("zone"), row.getString("rack")),
                        new WorkerId(row.getString("destination")),
                        new Location(row.getString("to_region"), row.getString("to_zone"), row.getString("to_rack"))),
                PacedVolume.weight(row.getInt("priority")),
                rate,
                loose == null ? rate : Math.max(rate, loose),
                row.getBoolean("untouchable"));
    }

    @Override
    public long begin() {
        return sql.sql("update pacing_round set number = number + 1 returning number")
                .query(Long.class)
                .single();
    }

    /**
     * The round's row is locked for sharing: a new round begins before this transaction, whose grant is then refused, or after
     * it, and then sees what it wrote.
     */
    @Override
    public boolean grant(long round, MigrationId migration, List<Grant> grants) {
        return Boolean.TRUE.equals(transaction.execute(status -> {
            List<WorkerId> hosts = lock(migration);
            boolean newest = !sql.sql("select number from pacing_round where number = ? for share")
                    .param(round)
                    .query(Long.class)
                    .list()
                    .isEmpty();
            if (hosts.isEmpty() || !newest) {
                return false;
            }
            hosts.forEach(migrations::raise);
            grants.forEach(grant -> write(migration, grant));
            return true;
        }));
    }

    /** Both hosts of a migration that is being copied; none when it is not any more. */
    private List<WorkerId> lock(MigrationId migration) {
        List<WorkerId> hosts = sql.sql("""
            select w.id from worker w
            where w.id in (select unnest(array[m.source, m.destination]) from migration m where m.id = ?)
            order by w.id for update\
            """)
                .param(migration.value())
                .query((row, number) -> new WorkerId(row.getString(1)))
                .list();
        boolean copying = !sql.sql("select id from migration where id = ? and state = 'Hydrating'")
                .param(migration.value())
                .query(String.class)
                .list()
                .isEmpty();
        return copying ? hosts : List.of();
    }

    /** What was granted before stays what its hosts may keep to, until one of them has nothing left to do for the new generation. */
    private void write(MigrationId migration, Grant grant) {
        sql.sql("""
            update migration_volume v set granted_bytes_per_second = :granted,
                loose_bytes_per_second = greatest(coalesce(v.granted_bytes_per_second, :unlimited),
                    case when s.converged_generation >= v.paced_source_generation
                           or d.converged_generation >= v.paced_destination_generation
                        then 0 else coalesce(v.loose_bytes_per_second, 0) end),
                paced_source_generation = s.spec_generation, paced_destination_generation = d.spec_generation
            from migration m join worker s on s.id = m.source join worker d on d.id = m.destination
            where v.migration = m.id and m.id = :migration and v.volume = :volume\
            """)
                .param("granted", grant.bytesPerSecond() == PacedVolume.UNLIMITED ? null : grant.bytesPerSecond())
                .param("unlimited", PacedVolume.UNLIMITED)
                .param("migration", migration.value())
                .param("volume", grant.volume().value())
                .update();
    }

    @Override
    public List<MigrationId> waiting() {
        return sql.sql("""
            select id from migration where live and state = 'Planned' and reason_code = 'WAITING_FOR_CEILING'
            order by created_at, position, id\
            """)
                .query((row, number) -> new MigrationId(row.getString(1)))
                .list();
    }
}
