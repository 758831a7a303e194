package io.sluice.orchestrator.store;

import io.sluice.orchestrator.alert.Alarm;
import io.sluice.orchestrator.alert.AlarmStore;
import io.sluice.orchestrator.alert.Readings;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.annotation.Transactional;

/** Alarms in PostgreSQL. What is raised and cleared is told by a trigger, thus in the same transaction. */
@Repository
class SqlAlarms implements AlarmStore {
    /** Key of the advisory lock under which alarms are settled; any constant will do. */
    private static final long ALARM_LOCK = 0x51_01_CE_03L;

    private final JdbcClient sql;

    SqlAlarms(JdbcClient sql) {
        this.sql = sql;
    }

    @Override
    @Transactional(readOnly = true)
    public Readings readings(Duration silence) {
        Instant now = sql.sql("select clock_timestamp() as now")
                .query((row, number) -> Json.requireInstant(row, "now"))
                .single();
        List<Readings.OfMigration> migrations =
                sql.sql("""
                        select id, cargo_name, source, destination, state, deadline_at, reason_code, reason_since,
                            case when state = 'Hydrating' then running_at end as exposed_since
                        from migration where live order by id""").query((row, number) -> migration(row)).list();
        List<Readings.OfDrain> drains = sql.sql(DEADLINES)
                .query((row, number) -> new Readings.OfDrain(
                        row.getString("id"),
                        row.getString("worker"),
                        Json.requireInstant(row, "deadline_at"),
                        Json.number(row, "left_bytes"),
                        Json.number(row, "rate")))
                .list();
        List<Readings.OfWorker> workers = sql.sql("""
                        select w.id, w.last_seen from worker w
                        where w.last_seen < clock_timestamp() - make_interval(secs => :silence) and w.written_off_at is null
                          and not exists (
                            select from drain d where d.worker = w.id and d.closed_at is null and d.drained_at is not null)
                        order by w.id""")
                .param("silence", silence.toMillis() / 1000.0)
                .query((row, number) -> new Readings.OfWorker(row.getString("id"), Json.instant(row, "last_seen")))
                .list();
        return new Readings(now, migrations, drains, workers);
    }

    /** What is left is unknown as soon as it is unknown of one volume; a rate is known only while something copies. */
    private static final String DEADLINES = """
            select d.id, d.worker, d.deadline_at,
                case when bool_and(m.id is null or m.state in ('Settling', 'Releasing')
                        or v.hydrated_regions is not null or v.allocated_bytes is not null)
                    then coalesce(sum(case when m.state in ('Settling', 'Releasing') then 0
                        when v.hydrated_regions is not null
                            then greatest(0, v.size_bytes - v.hydrated_regions * v.region_bytes)
                        else v.allocated_bytes end), 0) end as left_bytes,
                sum(v.bytes_per_second) filter (where m.state = 'Hydrating') as rate
            from drain d
            left join migration m on m.drain = d.id and m.live
            left join migration_volume v on v.migration = m.id
            where d.closed_at is null and d.drained_at is null and d.cancel_requested_at is null
              and d.deadline_at is not null
            group by d.id order by d.id""";

    private static Readings.OfMigration migration(ResultSet row) throws SQLException {
        return new Readings.OfMigration(
                row.getString("id"),
                row.getString("cargo_name"),
                row.getString("source"),
                row.getString("destination"),
                row.getString("state"),
                Json.instant(row, "deadline_at"),
                row.getString("reason_code"),
                Json.instant(row, "reason_since"),
                Json.instant(row, "exposed_since"));
    }

    /** One at a time over all replicas: none clears what another has just raised on newer readings but with the next look. */
    @Override
    @Transactional
    public void settle(Collection<Alarm> alarms) {
        Map<String, Alarm> wanted = new HashMap<>();
        alarms.forEach(alarm -> wanted.put(key(alarm.kind(), alarm.subject()), alarm));
        if (wanted.keySet().equals(keys(raised()))) {
            return;
        }
        sql.sql("select pg_advisory_xact_lock(?) is null")
                .param(ALARM_LOCK)
                .query(Boolean.class)
                .single();
        Map<String, Alarm> there = new HashMap<>();
        raised().forEach(raised ->
                there.put(key(raised.alarm().kind(), raised.alarm().subject()), raised.alarm()));
        there.forEach((key, alarm) -> {
            if (!wanted.containsKey(key)) {
                sql.sql("delete from alarm where kind = ? and subject = ?")
                        .params(alarm.kind().name(), alarm.subject())
                        .update();
            }
        });
        wanted.forEach((key, alarm) -> {
            if (!there.containsKey(key)) {
                sql.sql("insert into alarm (kind, subject, message, remedy) values (?, ?, ?, ?)")
                        .params(alarm.kind().name(), alarm.subject(), alarm.message(), alarm.remedy())
                        .update();
            }
        });
    }

    private static Set<String> keys(List<Raised> raised) {
        return raised.stream()
                .map(one -> key(one.alarm().kind(), one.alarm().subject()))
                .collect(Collectors.toSet());
    }

    private static String key(Alarm.Kind kind, String subject) {
        return kind + "/" + subject;
    }

    @Override
    public List<Raised> raised() {
        return sql.sql("select kind, subject, since, message, remedy from alarm order by since, kind, subject")
                .query((row, number) -> new Raised(
                        new Alarm(
                                Alarm.Kind.valueOf(row.getString("kind")),
                                Objects.requireNonNull(row.getString("subject")),
                                row.getString("message"),
                                row.getString("remedy")),
                        Json.requireInstant(row, "since")))
                .list();
    }
}
