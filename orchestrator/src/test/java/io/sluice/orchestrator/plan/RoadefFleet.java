package io.sluice.orchestrator.plan;

import io.sluice.agent.api.HostReport;
import io.sluice.agent.api.PoolName;
import io.sluice.agent.api.PoolReport;
import io.sluice.agent.api.Portal;
import io.sluice.agent.api.RegisterRequest.Capabilities;
import io.sluice.agent.api.RegisterRequest.Location;
import io.sluice.agent.api.ResourceRequest;
import io.sluice.agent.api.VolumeId;
import io.sluice.agent.api.VolumeReport;
import io.sluice.agent.api.VolumeRole;
import io.sluice.agent.api.WorkerId;
import io.sluice.agent.api.WorkloadDefinition;
import io.sluice.agent.api.WorkloadId;
import io.sluice.agent.api.WorkloadReport;
import io.sluice.agent.api.WorkloadStatus;
import io.sluice.orchestrator.fleet.FleetSnapshot;
import io.sluice.orchestrator.fleet.Worker;
import io.sluice.orchestrator.fleet.WorkerProfile;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A machine reassignment instance as a fleet: machines are workers, processes workloads, services groups. The first two resources are
 * CPU and memory, each further one a pool in which a process has a volume that must stay in a pool of that name. Neighbourhoods
 * are zones (dependencies: {@code sluice.near}), locations racks (spread: {@code sluice.racks}).
 */
final class RoadefFleet {
    private RoadefFleet() {}

    static FleetSnapshot of(Roadef instance) {
        Map<Integer, List<Integer>> byMachine = IntStream.range(0, instance.assignment().length)
                .boxed()
                .collect(Collectors.groupingBy(process -> instance.assignment()[process]));
        return new FleetSnapshot(
                IntStream.range(0, instance.machines().size())
                        .mapToObj(machine -> worker(instance, machine, byMachine.getOrDefault(machine, List.of())))
                        .toList(),
                List.of());
    }

    private static Worker worker(Roadef instance, int number, List<Integer> processes) {
        Roadef.Machine machine = instance.machines().get(number);
        WorkerId id = new WorkerId("m" + number);
        List<VolumeReport> volumes = new ArrayList<>();
        List<WorkloadReport> workloads = new ArrayList<>();
        long[] used = new long[instance.resources()];
        for (int process : processes) {
            long[] requirements = instance.processes().get(process).requirements();
            List<VolumeId> owned = new ArrayList<>();
            for (int r = 0; r < requirements.length; r++) {
                used[r] += requirements[r];
                if (r >= 2 && requirements[r] > 0) {
                    VolumeId volume = new VolumeId("p" + process + "-r" + r);
                    owned.add(volume);
                    volumes.add(new VolumeReport(
                            volume, pool(r), requirements[r], 512, null, 0, VolumeRole.OWNED, true, null));
                }
            }
            workloads.add(workload(instance, process, owned));
        }
        List<PoolReport> pools = IntStream.range(2, Math.max(2, instance.resources()))
                .mapToObj(r ->
                        new PoolReport(pool(r), "directory", machine.capacities()[r], used[r], machine.capacities()[r]))
                .toList();
        HostReport report = new HostReport(
                id, 1, 1, 0, "boot", 0, pools, volumes, workloads, List.of(), List.of(), List.of(), null, null);
        WorkerProfile profile = new WorkerProfile(
                id,
                id.value(),
                new Location(null, "n" + machine.neighbourhood(), "l" + machine.location()),
                Map.of(),
                new Portal("127.0.0.1", 3260),
                "iqn.2026-11.io.sluice:host." + id,
                new Capabilities(false, true),
                new ResourceRequest(machine.capacities()[0], machine.capacities()[1]));
        return new Worker(profile, true, false, false, report);
    }

    private static PoolName pool(int resource) {
        return new PoolName("r" + resource);
    }

    private static WorkloadReport workload(Roadef instance, int process, List<VolumeId> volumes) {
        int service = instance.processes().get(process).service();
        long[] requirements = instance.processes().get(process).requirements();
        Map<String, String> labels = new HashMap<>(Map.of("sluice.pools", "same"));
        int[] dependencies = instance.services().get(service).dependencies();
        if (dependencies.length > 0) {
            labels.put(
                    "sluice.near",
                    IntStream.of(dependencies).mapToObj(one -> "s" + one).collect(Collectors.joining(",")));
        }
        if (instance.services().get(service).spread() > 1) {
            labels.put(
                    "sluice.racks",
                    String.valueOf(instance.services().get(service).spread()));
        }
        WorkloadDefinition definition = new WorkloadDefinition(
                new WorkloadId("p" + process),
                volumes,
                "none",
                null,
                "s" + service,
                labels,
                new ResourceRequest(requirements[0], requirements[1]),
                30,
                30);
        return new WorkloadReport(definition, WorkloadStatus.RUNNING, 0, false);
    }
}
