package io.sluice.orchestrator.migration;

import io.sluice.agent.api.CloneEngine;
import io.sluice.agent.api.MigrationId;
import io.sluice.agent.api.PoolName;
import io.sluice.agent.api.ResourceRequest;
import io.sluice.agent.api.VolumeId;
import io.sluice.agent.api.WorkerId;
import io.sluice.agent.api.WorkloadDefinition;
import io.sluice.agent.api.WorkloadId;
import io.sluice.orchestrator.fleet.Cargo;
import io.sluice.orchestrator.fleet.DrainId;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One migration of workload "db" with volume "v1" from "a" to "b", under epoch 3, wherever a test wants it to stand. */
final class Migrations {
    static final MigrationId ID = new MigrationId("m1");
    static final WorkerId A = new WorkerId("a");
    static final WorkerId B = new WorkerId("b");
    static final VolumeId V1 = new VolumeId("v1");
    static final PoolName POOL = new PoolName("main");
    static final long SIZE = 1 << 20;
    static final Instant SINCE = Instant.parse("2029-12-31T23:59:00Z");
    static final Instant DEADLINE = Instant.parse("2030-01-01T01:00:00Z");
    static final Generations COMMITTED = new Generations(5, 7);

    private Migrations() {}

    static WorkloadDefinition db(@Nullable String group) {
        return new WorkloadDefinition(
                new WorkloadId("db"), List.of(V1), "exec", null, group, Map.of(), ResourceRequest.NONE, 30, 30);
    }

    static Migration in(MigrationState state) {
        return in(state, ID, null);
    }

    static Migration in(MigrationState state, MigrationId id, @Nullable String group) {
        Cargo cargo = new Cargo(db(group), true, List.of(new Cargo.Volume(V1, POOL, SIZE, 512, null, 2)));
        Position position = new Position(state, 4, SINCE, DEADLINE, COMMITTED, null, null, null);
        return new Migration(
                id,
                new DrainId("d1"),
                cargo,
                new Migration.Route(A, B, List.of(POOL), CloneEngine.PORTABLE),
                3,
                Intent.PROCEED,
                position);
    }
}
