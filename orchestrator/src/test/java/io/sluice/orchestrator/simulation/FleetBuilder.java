package io.sluice.orchestrator.simulation;

import io.sluice.agent.api.PoolName;
import io.sluice.agent.api.Portal;
import io.sluice.agent.api.RegisterRequest.Capabilities;
import io.sluice.agent.api.RegisterRequest.Location;
import io.sluice.agent.api.ResourceRequest;
import io.sluice.agent.api.VolumeId;
import io.sluice.agent.api.WorkerId;
import io.sluice.agent.api.WorkloadDefinition;
import io.sluice.agent.api.WorkloadId;
import io.sluice.agent.api.WorkloadStatus;
import io.sluice.agent.testing.FakeFleet;
import io.sluice.agent.testing.FakeHost;
import io.sluice.agent.testing.FakeVolume;
import io.sluice.orchestrator.fleet.WorkerProfile;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.random.RandomGenerator;

/** Makes workers with volumes and workloads, each fleet another one. */
final class FleetBuilder {
    static final PoolName POOL = new PoolName("main");
    static final long VOLUME_BYTES = (long) Workloads.BLOCKS * FakeVolume.BLOCK_BYTES;

    private final SimulatedDatabase database;
    private final FakeFleet fleet;
    private final RandomGenerator random;
    private final Permissions permissions;
    private final Function<FakeHost, SimulatedAgent> agentOf;
    private int workers;

    FleetBuilder(
            SimulatedDatabase database,
            FakeFleet fleet,
            RandomGenerator random,
            Permissions permissions,
            Function<FakeHost, SimulatedAgent> agentOf) {
        this.permissions = permissions;
        this.database = database;
        this.fleet = fleet;
        this.random = random;
        this.agentOf = agentOf;
    }

    /** An empty worker with room for so many volumes, of which a twentieth stays free. */
    SimulatedAgent worker(int room) {
        int number = ++workers;
        WorkerId id = new WorkerId("worker-" + number);
        FakeHost host = fleet.addHost(id);
        host.addPool(POOL, (room + 1) * VOLUME_BYTES);
        WorkerProfile profile = new WorkerProfile(
                id,
                id.value(),
                new Location("r1", "z" + number % 2, "k" + number % 3),
                Map.of(),
                new Portal("127.0.0.1", 3000 + number),
                "iqn.2026-11.io.sluice:host." + id,
                new Capabilities(false, true),
                new ResourceRequest(8_000, 1L << 34));
        database.put(new SimulatedDatabase.WorkerRow(profile, false, 0, 0, null, false));
        return agentOf.apply(host);
    }

    /** So many workloads, or volumes that belong to none. */
    void content(SimulatedAgent agent, int count, Workloads workloads) {
        for (int i = 1; i <= count; i++) {
            String name = agent.worker() + "-" + i;
            List<VolumeId> volumes = new ArrayList<>();
            for (int v = permissions.volumes(random.nextInt(5) == 0 ? 2 : 1, i); v > 0; v--) {
                volumes.add(volume(agent.host(), name + "-" + v, workloads));
            }
            if (random.nextInt(6) != 0) {
                workload(agent.host(), name, volumes, workloads);
            }
        }
    }

    private VolumeId volume(FakeHost host, String name, Workloads workloads) {
        VolumeId volume = new VolumeId("vol-" + name);
        host.addVolume(volume, POOL, Workloads.BLOCKS);
        long[] content = new long[Workloads.BLOCKS];
        for (int block = 0; block < content.length; block++) {
            content[block] = random.nextInt(3) == 0 ? 0 : 1 + random.nextInt(1_000);
            host.setContent(volume, block, content[block]);
        }
        workloads.add(volume, content);
        return volume;
    }

    private void workload(FakeHost host, String name, List<VolumeId> volumes, Workloads workloads) {
        String group = random.nextInt(3) == 0 ? "cluster" : null;
        WorkloadDefinition definition = new WorkloadDefinition(
                new WorkloadId("app-" + name),
                volumes,
                "exec",
                null,
                group,
                Map.of(),
                new ResourceRequest(500, 1 << 20),
                30,
                30);
        host.addWorkload(definition, WorkloadStatus.RUNNING);
        workloads.add(definition);
    }
}
