package io.sluice.orchestrator.store;

import io.sluice.orchestrator.settings.ServerSettings;
import java.lang.management.ManagementFactory;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Which replica does what one is enough for. A lease only schedules: whoever was asleep while it passed may go on with what it was at,
 * and is refused by the versions, epochs and rounds that every write compares.
 */
@Component
public class Leases {
    private final JdbcClient sql;
    private final double seconds;

    /** Whom operators see: process and host, and something that no other start ever has. */
    private final String holder = ManagementFactory.getRuntimeMXBean().getName() + "/" + UUID.randomUUID();

    Leases(JdbcClient sql, ServerSettings settings) {
        this.sql = sql;
        this.seconds = settings.replica().lease().toMillis() / 1000.0;
    }

    /** Whether the chore is this replica's: its lease was free, had passed, or was its own and is renewed. */
    public boolean take(String chore) {
        return !sql.sql("""
            insert into lease (chore, holder, held_until)
            values (:chore, :holder, clock_timestamp() + make_interval(secs => :seconds))
            on conflict (chore) do update set holder = excluded.holder, held_until = excluded.held_until
            where lease.holder = excluded.holder or lease.held_until < clock_timestamp()
            returning chore\
            """)
                .param("chore", chore)
                .param("holder", holder)
                .param("seconds", seconds)
                .query(String.class)
                .list()
                .isEmpty();
    }

    /** Gives up all that are held here: another replica need not wait for them. */
    public void release() {
        sql.sql("delete from lease where holder = ?").param(holder).update();
    }
}
