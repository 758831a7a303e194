package io.sluice.orchestrator.store;

import io.sluice.orchestrator.drain.Hydration;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/**
 * Copying, over all volumes that ever moved. What has ended changes no more: it is summed up once, and only what is not summed up yet is
 * asked for. Each answer is one statement, so that a volume counts exactly once whenever it is summed up.
 */
@Repository
public class HydrationTotals {
    /** A history that was never summed up is taken in by as many rows at a time as hold no lock for long. */
    private static final int BATCH = 5_000;

    /** Of which nothing was observed yet, nothing counts; {@code least} would take the size for it. */
    private static final String HYDRATED = """
        case when v.hydrated_regions is not null then least(v.size_bytes, v.hydrated_regions * v.region_bytes) end""";

    private final JdbcClient sql;

    HydrationTotals(JdbcClient sql) {
        this.sql = sql;
    }

    Hydration sum() {
        return sql.sql("""
            select t.hydrated_bytes + coalesce(rest.hydrated, 0), t.copied_bytes + coalesce(rest.copied, 0), (
                    select coalesce(sum(greatest(0, v.size_bytes - coalesce(v.hydrated_regions * v.region_bytes, 0))), 0)
                    from migration m join migration_volume v on v.migration = m.id
                    where m.live and m.state in ('Starting', 'Hydrating'))
            from copying_summed t cross join (
                select sum(%s) as hydrated, sum(v.copied_bytes) as copied
                from migration_volume v where not v.summed) rest\
            """.formatted(HYDRATED))
                .query((row, number) -> new Hydration(row.getLong(1), row.getLong(2), row.getLong(3)))
                .single();
    }

    /** Sums up what has ended since; whoever comes second finds nothing left to do. Answers how much that was. */
    public int sumUp() {
        return sql.sql("""
                    with ended as (
                        update migration_volume v set summed = true where v.ctid = any(array(
                            select e.ctid from migration_volume e where not e.summed and not e.live
                            limit :batch for update skip locked))
                        returning coalesce(%s, 0) as hydrated, coalesce(v.copied_bytes, 0) as copied),
                    total as (select count(*) as rows, sum(hydrated) as hydrated, sum(copied) as copied from ended),
                    summed as (
                        update copying_summed t set hydrated_bytes = t.hydrated_bytes + total.hydrated,
                            copied_bytes = t.copied_bytes + total.copied
                        from total where total.rows > 0)
                    select rows from total\
                    """.formatted(HYDRATED))
                .param("batch", BATCH)
                .query(Integer.class)
                .single();
    }
}
