package io.sluice.agent.reconcile;

import io.sluice.agent.api.ChapSecrets;
import io.sluice.agent.api.ExportAccess;
import io.sluice.agent.api.HostSpec;
import io.sluice.agent.api.HydrationOrder;
import io.sluice.agent.api.Incoming;
import io.sluice.agent.api.IncomingGoal;
import io.sluice.agent.api.IncomingVolume;
import io.sluice.agent.api.MigrationId;
import io.sluice.agent.api.Outgoing;
import io.sluice.agent.api.OutgoingGoal;
import io.sluice.agent.api.OutgoingVolume;
import io.sluice.agent.api.PoolName;
import io.sluice.agent.api.Portal;
import io.sluice.agent.api.ResourceRequest;
import io.sluice.agent.api.VolumeId;
import io.sluice.agent.api.WorkerId;
import io.sluice.agent.api.WorkloadDefinition;
import io.sluice.agent.api.WorkloadId;
import java.util.List;
import java.util.Map;

/** One migration of workload "db" with volume "v1", as the orchestrator would word it. */
record Move(MigrationId migration, long epoch) {
    static final VolumeId V1 = new VolumeId("v1");
    static final WorkloadId DB = new WorkloadId("db");
    static final PoolName POOL = new PoolName("main");
    static final long SIZE = 16 * 4096;
    static final WorkloadDefinition DEFINITION =
            new WorkloadDefinition(DB, List.of(V1), "none", null, null, Map.of(), ResourceRequest.NONE, 30, 30);

    static Move of(String migration, long epoch) {
        return new Move(new MigrationId(migration), epoch);
    }

    ExportAccess access() {
        return new ExportAccess(
                "iqn.2026-11.io.sluice:export." + migration + ".v1",
                "iqn.2026-11.io.sluice:worker.b",
                new ChapSecrets("u", "secret-one-two", "m", "secret-two-one"),
                null);
    }

    Outgoing outgoing(OutgoingGoal goal) {
        return outgoing(goal, 3600);
    }

    Outgoing outgoing(OutgoingGoal goal, long retainSeconds) {
        return new Outgoing(migration, epoch, goal, DB, List.of(new OutgoingVolume(V1, access())), retainSeconds);
    }

    Incoming incoming(IncomingGoal goal) {
        IncomingVolume volume = new IncomingVolume(
                V1, POOL, SIZE, 512, new Portal("127.0.0.1", 3260), access(), HydrationOrder.UNLIMITED, null);
        return new Incoming(migration, epoch, goal, DEFINITION, List.of(volume));
    }

    Incoming incomingVolume(String name, IncomingGoal goal) {
        IncomingVolume volume = new IncomingVolume(
                new VolumeId(name),
                POOL,
                SIZE,
                512,
                new Portal("127.0.0.1", 3260),
                access(),
                HydrationOrder.UNLIMITED,
                null);
        return new Incoming(migration, epoch, goal, null, List.of(volume));
    }

    static HostSpec spec(WorkerId worker, long generation, Outgoing... parts) {
        return new HostSpec(worker, generation, List.of(parts), List.of());
    }

    static HostSpec spec(WorkerId worker, long generation, Incoming part) {
        return new HostSpec(worker, generation, List.of(), List.of(part));
    }
}
