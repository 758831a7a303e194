package io.sluice.orchestrator.store;

import io.sluice.orchestrator.drain.DrainOrder;
import io.sluice.orchestrator.drain.Proposal;
import io.sluice.orchestrator.drain.ProposalStore;
import io.sluice.orchestrator.fleet.DrainId;
import io.sluice.orchestrator.plan.DrainPlan;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** Dry runs, for a day. */
@Repository
class SqlProposalStore implements ProposalStore {
    private static final String KEPT = "interval '1 day'";
    private static final String COLUMNS = "id, hash, orders, plans, made_at + " + KEPT + " as expires_at, drains";

    private final JdbcClient sql;
    private final Json json;
    private final Ids ids = new Ids();

    SqlProposalStore(JdbcClient sql, Json json) {
        this.sql = sql;
        this.json = json;
    }

    @Override
    public Proposal keep(String hash, List<DrainOrder> orders, List<DrainPlan> plans) {
        sql.sql("delete from proposal where made_at < now() - " + KEPT).update();
        return sql.sql("insert into proposal (id, hash, orders, plans) values (:id, :hash, :orders::jsonb,"
                        + " :plans::jsonb) returning " + COLUMNS)
                .param("id", ids.fresh("p-"))
                .param("hash", hash)
                .param("orders", json.text(orders))
                .param("plans", json.text(plans))
                .query((row, number) -> proposal(row))
                .single();
    }

    @Override
    public @Nullable Proposal find(String id) {
        return sql.sql("select " + COLUMNS + " from proposal where id = :id and made_at >= now() - " + KEPT)
                .param("id", id)
                .query((row, number) -> proposal(row))
                .optional()
                .orElse(null);
    }

    @Override
    public void executed(String id, List<DrainId> drains) {
        sql.sql("update proposal set drains = string_to_array(:drains, ',') where id = :id")
                .param("id", id)
                .param(
                        "drains",
                        String.join(",", drains.stream().map(DrainId::value).toList()))
                .update();
    }

    private Proposal proposal(ResultSet row) throws SQLException {
        return new Proposal(
                row.getString("id"),
                row.getString("hash"),
                List.of(json.value(row.getString("orders"), DrainOrder[].class)),
                List.of(json.value(row.getString("plans"), DrainPlan[].class)),
                Json.requireInstant(row, "expires_at"),
                Arrays.stream((String[]) row.getArray("drains").getArray())
                        .map(DrainId::new)
                        .toList());
    }
}
