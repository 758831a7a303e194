package io.sluice.orchestrator.store;

import io.sluice.orchestrator.ceiling.CeilingStore;
import io.sluice.orchestrator.fleet.Ceiling;
import io.sluice.orchestrator.fleet.Ceilings;
import io.sluice.orchestrator.fleet.Link;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.RowCallbackHandler;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.support.TransactionTemplate;

/** Ceilings in PostgreSQL. */
@Repository
class SqlCeilings implements CeilingStore {
    /** Key of the advisory lock under which places below ceilings are taken; any constant will do. */
    private static final long PLACES_LOCK = 0x51_01_CE_02L;

    /**
     * A worker that does not say where it stands counts for itself and the fleet; the groups without a name are nobody's. Each one's
     * worker is looked up by itself (offset 0 keeps it so): it is to cost what is under way, not what the fleet has.
     */
    private static final String TAKEN = """
        select '%1$s' as direction, count(*) as taken,
            case when grouping(w.id) = 0 then 'WORKER' when grouping(w.rack) = 0 then 'RACK'
                when grouping(w.zone) = 0 then 'ZONE' when grouping(w.region) = 0 then 'REGION' else 'FLEET' end as scope,
            case when grouping(w.id, w.rack, w.zone, w.region) = 15 then '*'
                else coalesce(w.id, w.rack, w.zone, w.region) end as name
        from migration m
        join lateral (select id, region, zone, rack from worker where id = m.%2$s offset 0) w on true
        where m.live and m.state <> 'Planned'
        group by grouping sets ((w.id), (w.rack), (w.zone), (w.region), ())
        """;

    private static final String ALL_TAKEN =
            TAKEN.formatted("OUT", "source") + " union all " + TAKEN.formatted("IN", "destination");

    private final JdbcClient sql;
    private final Json json;
    private final TransactionTemplate transaction;

    SqlCeilings(JdbcClient sql, Json json, TransactionTemplate transaction) {
        this.sql = sql;
        this.json = json;
        this.transaction = transaction;
    }

    @Override
    public Ceilings ceilings() {
        Map<Link, Ceiling> set = new HashMap<>();
        sql.sql("select scope, name, direction, max_migrations, bytes_per_second from ceiling")
                .query((RowCallbackHandler) row -> set.put(link(row), ceiling(row)));
        return new Ceilings(set);
    }

    @Override
    public Map<Link, Integer> taken() {
        Map<Link, Integer> taken = new HashMap<>();
        sql.sql(ALL_TAKEN).query((RowCallbackHandler) row -> {
            if (row.getString("name") != null) {
                taken.put(link(row), row.getInt("taken"));
            }
        });
        return taken;
    }

    /** Until the transaction ends nobody else takes a place below a ceiling. */
    void lockPlaces() {
        sql.sql("select pg_advisory_xact_lock(?) is null")
                .param(PLACES_LOCK)
                .query(Boolean.class)
                .single();
    }

    @Override
    public void set(Link link, @Nullable Ceiling ceiling, String actor) {
        transaction.executeWithoutResult(status -> {
            Ceiling before = sql.sql("""
                delete from ceiling where scope = :scope and name = :name and direction = :direction
                returning max_migrations, bytes_per_second\
                """)
                    .param("scope", link.scope().name())
                    .param("name", link.name())
                    .param("direction", link.direction().name())
                    .query((row, number) -> ceiling(row))
                    .optional()
                    .orElse(null);
            if (ceiling != null) {
                sql.sql("""
                    insert into ceiling (scope, name, direction, max_migrations, bytes_per_second)
                    values (:scope, :name, :direction, :migrations, :bytes)
                    on conflict (scope, name, direction) do update set max_migrations = excluded.max_migrations,
                        bytes_per_second = excluded.bytes_per_second\
                    """)
                        .param("scope", link.scope().name())
                        .param("name", link.name())
                        .param("direction", link.direction().name())
                        .param("migrations", ceiling.migrations())
                        .param("bytes", ceiling.bytesPerSecond())
                        .update();
            }
            changed(link, before, ceiling, actor);
        });
    }

    private void changed(Link link, @Nullable Ceiling before, @Nullable Ceiling after, String actor) {
        sql.sql("""
            insert into setting_change (actor, subject, before, after)
            values (:actor, :subject, :before::jsonb, :after::jsonb)\
            """)
                .param("actor", actor)
                .param("subject", "ceiling/" + link.scope() + "/" + link.name() + "/" + link.direction())
                .param("before", before == null ? null : json.text(before))
                .param("after", after == null ? null : json.text(after))
                .update();
    }

    private static Link link(ResultSet row) throws SQLException {
        return new Link(
                Link.Scope.valueOf(row.getString("scope")),
                row.getString("name"),
                Link.Direction.valueOf(row.getString("direction")));
    }

    private static Ceiling ceiling(ResultSet row) throws SQLException {
        Long migrations = Json.number(row, "max_migrations");
        return new Ceiling(migrations == null ? null : migrations.intValue(), Json.number(row, "bytes_per_second"));
    }
}
