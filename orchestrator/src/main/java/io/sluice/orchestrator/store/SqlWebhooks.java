package io.sluice.orchestrator.store;

import io.sluice.orchestrator.alert.Delivery;
import io.sluice.orchestrator.alert.Webhook;
import io.sluice.orchestrator.alert.WebhookStore;
import java.net.URI;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.annotation.Transactional;

/** Webhooks and their outbox in PostgreSQL. A lease schedules; its number keeps a replica that slept from recording anything. */
@Repository
@Transactional
class SqlWebhooks implements WebhookStore {
    private final JdbcClient sql;
    private final SecretBox secrets;
    private final Json json;

    SqlWebhooks(JdbcClient sql, SecretBox secrets, Json json) {
        this.sql = sql;
        this.secrets = secrets;
        this.json = json;
    }

    @Override
    public List<Webhook> webhooks() {
        return sql.sql("""
                        select w.*,
                            (select count(*) from delivery d where d.webhook = w.id and d.delivered_at is null
                                and d.dead_at is null) as pending,
                            (select count(*) from delivery d where d.webhook = w.id and d.dead_at is not null) as dead
                        from webhook w order by w.created_at, w.id""")
                .query((row, number) -> new Webhook(
                        row.getString("id"),
                        URI.create(row.getString("url")),
                        kinds(row.getArray("kinds")),
                        row.getString("key_id"),
                        row.getString("created_by"),
                        row.getLong("pending"),
                        row.getLong("dead"),
                        Json.instant(row, "failing_since"),
                        row.getString("last_error")))
                .list();
    }

    private static List<String> kinds(@Nullable Array kinds) throws SQLException {
        return kinds == null ? List.of() : List.of((String[]) kinds.getArray());
    }

    @Override
    public void add(String id, URI url, List<String> kinds, Key key, String actor) {
        sql.sql("""
                        insert into webhook (id, url, kinds, key_id, secret, created_by)
                        values (:id, :url, string_to_array(:kinds, ','), :key, :secret, :actor)""")
                .param("id", id)
                .param("url", url.toString())
                .param("kinds", kinds.isEmpty() ? null : String.join(",", kinds))
                .param("key", key.id())
                .param("secret", secrets.seal(id, key.secret()))
                .param("actor", actor)
                .update();
        changed(id, actor, "added");
    }

    @Override
    public boolean remove(String id, String actor) {
        boolean there = sql.sql("delete from webhook where id = ?").param(id).update() > 0;
        if (there) {
            changed(id, actor, "removed");
        }
        return there;
    }

    @Override
    public boolean change(String id, Key key, String actor) {
        boolean there = sql.sql("update webhook set key_id = :key, secret = :secret where id = :id")
                        .param("key", key.id())
                        .param("secret", secrets.seal(id, key.secret()))
                        .param("id", id)
                        .update()
                > 0;
        if (there) {
            changed(id, actor, "secret changed");
        }
        return there;
    }

    private void changed(String id, String actor, String what) {
        sql.sql("insert into setting_change (actor, subject, after) values (:actor, :subject, :after::jsonb)")
                .param("actor", actor)
                .param("subject", "webhook/" + id)
                .param("after", json.text(what))
                .update();
    }

    @Override
    public boolean test(String id, String actor) {
        return sql.sql("""
                        with tested as (
                            insert into notice (kind, subject, body)
                            select 'test', w.id, jsonb_build_object('actor', cast(:actor as text)) from webhook w where w.id = :id
                            returning id, subject)
                        insert into delivery (webhook, notice) select subject, id from tested""").param("actor", actor).param("id", id).update() > 0;
    }

    @Override
    public int revive(String id) {
        return sql.sql("""
                        update delivery set dead_at = null, attempts = 0, next_at = now()
                        where webhook = ? and dead_at is not null""").param(id).update();
    }

    /** The oldest that is not through decides: while it waits to be tried again, so do those after it. */
    @Override
    public List<Delivery> claim(Duration lease, int most) {
        return sql.sql("""
                        with due as (
                            select w.id, o.notice, o.attempts
                            from webhook w
                            join lateral (
                                select d.notice, d.attempts, d.next_at from delivery d
                                where d.webhook = w.id and d.delivered_at is null and d.dead_at is null
                                order by d.notice limit 1) o on o.next_at <= now()
                            where w.enabled and w.leased_until < now()
                            order by w.leased_until limit :most
                            for update of w skip locked),
                        leased as (
                            update webhook w set leased_until = now() + make_interval(secs => :lease),
                                lease_number = w.lease_number + 1
                            from due where w.id = due.id
                            returning w.id, w.url, w.key_id, w.secret, w.lease_number, due.notice, due.attempts)
                        select l.*, clock_timestamp() as now, jsonb_build_object('id', n.id, 'at', n.at, 'kind', n.kind,
                            'subject', n.subject, 'webhook', l.id, 'details', n.body)::text as body
                        from leased l join notice n on n.id = l.notice""")
                .param("most", most)
                .param("lease", lease.toSeconds())
                .query((row, number) -> delivery(row))
                .list();
    }

    private Delivery delivery(ResultSet row) throws SQLException {
        String webhook = row.getString("id");
        return new Delivery(
                webhook,
                row.getLong("lease_number"),
                row.getLong("notice"),
                URI.create(row.getString("url")),
                row.getString("key_id"),
                secrets.open(webhook, Objects.requireNonNull(row.getBytes("secret"))),
                row.getInt("attempts"),
                Json.requireInstant(row, "now"),
                row.getString("body"));
    }

    @Override
    public void delivered(Delivery delivery) {
        if (release(delivery, null)) {
            sql.sql(
                            "update delivery set delivered_at = clock_timestamp(), error = null where webhook = ? and notice = ?")
                    .params(delivery.webhook(), delivery.notice())
                    .update();
        }
    }

    @Override
    public void failed(Delivery delivery, String error, @Nullable Duration again) {
        if (release(delivery, error)) {
            sql.sql("""
                            update delivery set attempts = attempts + 1, error = :error,
                                next_at = now() + make_interval(secs => :again),
                                dead_at = case when :dead then clock_timestamp() end
                            where webhook = :webhook and notice = :notice""")
                    .param("error", error)
                    .param("again", again == null ? 0 : again.toSeconds())
                    .param("dead", again == null)
                    .param("webhook", delivery.webhook())
                    .param("notice", delivery.notice())
                    .update();
        }
    }

    /** False when somebody else holds a newer lease: what became of the delivery is theirs to say. */
    private boolean release(Delivery delivery, @Nullable String error) {
        return sql.sql("""
                        update webhook set leased_until = '-infinity', last_error = :error,
                            failing_since = case when cast(:error as text) is null then null
                                else coalesce(failing_since, now()) end
                        where id = :id and lease_number = :lease""")
                        .param("error", error)
                        .param("id", delivery.webhook())
                        .param("lease", delivery.lease())
                        .update()
                > 0;
    }

    @Override
    public void bound(int mostPending, Duration keep) {
        sql.sql("""
                        update delivery d set dead_at = clock_timestamp(), error = 'too many wait for this webhook'
                        from (select webhook, notice,
                                row_number() over (partition by webhook order by notice desc) as place
                            from delivery where delivered_at is null and dead_at is null) p
                        where d.webhook = p.webhook and d.notice = p.notice and p.place > ?""").param(mostPending).update();
        sql.sql("delete from notice where at < now() - make_interval(secs => ?)")
                .param(keep.toSeconds())
                .update();
    }
}
