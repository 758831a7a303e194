package io.sluice.orchestrator.store;

import java.util.List;
import java.util.Objects;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Keeps PostgreSQL's notion of the tables in step with them. It plans a prepared statement once, by the statistics it has then; autovacuum
 * makes new ones a minute later at the earliest (autovacuum_naptime), and until then a table that was empty is read whole for every
 * spec and every step: most costly just when a large drain has begun.
 */
@Component
public class TableStatistics {
    private final JdbcClient sql;

    TableStatistics(JdbcClient sql) {
        this.sql = sql;
    }

    /** Analyzes each table that has become another one since it was analyzed last, which has its statements planned anew. */
    public void refresh() {
        outgrown().forEach(table -> sql.sql("analyze " + table).update());
    }

    /** Those with more changes than twice their rows and some. As identifiers, quoted where that is needed. */
    private List<String> outgrown() {
        return sql.sql("""
            select quote_ident(s.schemaname) || '.' || quote_ident(s.relname)
            from pg_stat_user_tables s join pg_class c on c.oid = s.relid
            where s.schemaname = current_schema() and s.n_mod_since_analyze > 500 + 2 * greatest(c.reltuples, 0)\
            """)
                .query((row, number) -> Objects.requireNonNull(row.getString(1), "no name is null"))
                .list();
    }
}
