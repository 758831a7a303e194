package io.sluice.orchestrator.store;

import io.sluice.agent.api.RegisterRequest;
import io.sluice.agent.api.WorkerId;
import io.sluice.orchestrator.agents.WorkerIdentities;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.annotation.Transactional;
import tools.jackson.databind.ObjectMapper;

/** Identities of workers. The unique machine id decides between two hosts that register at the same moment. */
@Repository
class SqlWorkerIdentities implements WorkerIdentities {
    /** So many workers of one name are a mistake in their configuration, not a fleet. */
    private static final int MAX_SAME_NAME = 1000;

    private static final String PROFILE = """
            credential_hash = :credential, name = :name, region = :region, zone = :zone, rack = :rack, labels = :labels::jsonb,
            portal_host = :portalHost, portal_port = :portalPort, initiator_name = :initiator, dm_clone = :dmClone,
            portable_clone = :portableClone, cpu_millis = :cpu, memory_bytes = :memory, agent_version = :version
            """;

    private final JdbcClient sql;
    private final ObjectMapper json;

    SqlWorkerIdentities(JdbcClient sql, ObjectMapper json) {
        this.sql = sql;
        this.json = json;
    }

    private record Known(String id, String claimHash) {}

    @Override
    @Transactional
    public @Nullable WorkerId register(RegisterRequest request, byte[] claimHash, byte[] credentialHash) {
        Known known = known(request.machineId());
        if (known == null && !insert(request, claimHash, credentialHash)) {
            throw new IllegalStateException(
                    "no free worker id for name '" + request.name() + "' within " + MAX_SAME_NAME);
        }
        Known worker = known == null ? known(request.machineId()) : known;
        if (worker == null || !worker.claimHash().equals(HexFormat.of().formatHex(claimHash))) {
            return null;
        }
        bind(sql.sql("update worker set " + PROFILE + " where id = :id"), request, credentialHash)
                .param("id", worker.id())
                .update();
        return new WorkerId(worker.id());
    }

    private @Nullable Known known(String machineId) {
        return sql.sql("select id, encode(claim_hash, 'hex') from worker where machine_id = ? for update")
                .param(machineId)
                .query((row, number) -> new Known(row.getString(1), row.getString(2)))
                .optional()
                .orElse(null);
    }

    /** Takes the first free of name, name-2, name-3 …; true also when another request just made this machine's row. */
    private boolean insert(RegisterRequest request, byte[] claimHash, byte[] credentialHash) {
        for (int i = 1; i <= MAX_SAME_NAME; i++) {
            String suffix = i == 1 ? "" : "-" + i;
            String stem = request.name().substring(0, Math.min(request.name().length(), 63 - suffix.length()));
            int rows = bind(sql.sql("""
                                    insert into worker (id, machine_id, claim_hash, credential_hash, name, region, zone, rack, labels,
                                        portal_host, portal_port, initiator_name, dm_clone, portable_clone, cpu_millis,
                                        memory_bytes, agent_version)
                                    values (:id, :machine, :claim, :credential, :name, :region, :zone, :rack, :labels::jsonb,
                                        :portalHost, :portalPort, :initiator, :dmClone, :portableClone, :cpu, :memory, :version)
                                    on conflict do nothing"""), request, credentialHash)
                    .param("id", stem + suffix)
                    .param("machine", request.machineId())
                    .param("claim", claimHash)
                    .update();
            if (rows == 1 || known(request.machineId()) != null) {
                return true;
            }
        }
        return false;
    }

    private JdbcClient.StatementSpec bind(
            JdbcClient.StatementSpec statement, RegisterRequest request, byte[] credentialHash) {
        return statement
                .param("credential", credentialHash)
                .param("name", request.name())
                .param("region", request.location().region())
                .param("zone", request.location().zone())
                .param("rack", request.location().rack())
                .param("labels", json.writeValueAsString(request.labels()))
                .param("portalHost", request.portal().host())
                .param("portalPort", request.portal().port())
                .param("initiator", request.initiatorName())
                .param("dmClone", request.capabilities().dmClone())
                .param("portableClone", request.capabilities().portableClone())
                .param("cpu", request.capacity().cpuMillis())
                .param("memory", request.capacity().memoryBytes())
                .param("version", request.agentVersion());
    }

    @Override
    public @Nullable WorkerId byCredential(byte[] credentialHash) {
        return sql.sql("select id from worker where credential_hash = ?")
                .param(credentialHash)
                .query(String.class)
                .optional()
                .map(WorkerId::new)
                .orElse(null);
    }
}
