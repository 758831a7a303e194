package io.sluice.orchestrator.store;

import io.sluice.orchestrator.web.idempotency.KeptAnswers;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Objects;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** Answers to calls with a key. Each step is one statement, so that of two equal calls at once one alone is done. */
@Repository
class SqlKeptAnswers implements KeptAnswers {
    private final JdbcClient sql;

    SqlKeptAnswers(JdbcClient sql) {
        this.sql = sql;
    }

    @Override
    public Claim claim(Call call) {
        sql.sql("delete from kept_answer where begun_at < now() - interval '1 day'")
                .update();
        boolean claimed = sql.sql("""
                                insert into kept_answer (operator, key, request_hash) values (:operator, :key, :hash)
                                on conflict (operator, key) do update set begun_at = now()
                                where kept_answer.status is null and kept_answer.request_hash = excluded.request_hash
                                  and kept_answer.begun_at < now() - interval '1 minute'""")
                        .param("operator", call.operator())
                        .param("key", call.key())
                        .param("hash", call.hash())
                        .update()
                > 0;
        return claimed ? new Claim.Fresh() : known(call);
    }

    private Claim known(Call call) {
        List<Claim> found = sql.sql("select * from kept_answer where operator = :operator and key = :key")
                .param("operator", call.operator())
                .param("key", call.key())
                .query((row, number) -> known(call, row))
                .list();
        // gone in between: whoever had it let go of it, and the next try may have it
        return found.isEmpty() ? new Claim.Busy() : found.getFirst();
    }

    private static Claim known(Call call, ResultSet row) throws SQLException {
        if (!call.hash().equals(row.getString("request_hash"))) {
            return new Claim.Taken();
        }
        int status = row.getInt("status");
        return row.wasNull()
                ? new Claim.Busy()
                : new Claim.Answered(new Answer(
                        status,
                        row.getString("content_type"),
                        row.getString("location"),
                        Objects.requireNonNull(row.getString("body"))));
    }

    @Override
    public void keep(Call call, Answer answer) {
        sql.sql("""
                        update kept_answer set status = :status, content_type = :type, location = :location, body = :body
                        where operator = :operator and key = :key and request_hash = :hash""")
                .param("status", answer.status())
                .param("type", answer.contentType())
                .param("location", answer.location())
                .param("body", answer.body())
                .param("operator", call.operator())
                .param("key", call.key())
                .param("hash", call.hash())
                .update();
    }

    @Override
    public void forget(Call call) {
        sql.sql("""
                        delete from kept_answer
                        where operator = :operator and key = :key and request_hash = :hash and status is null""")
                .param("operator", call.operator())
                .param("key", call.key())
                .param("hash", call.hash())
                .update();
    }
}
