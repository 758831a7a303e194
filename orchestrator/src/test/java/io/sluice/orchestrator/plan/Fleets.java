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
import io.sluice.orchestrator.fleet.Reservation;
import io.sluice.orchestrator.fleet.Worker;
import io.sluice.orchestrator.fleet.WorkerProfile;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Builds fleets for tests, one fact at a time; sizes in GiB. */
final class Fleets {
    static final long GIB = 1L << 30;
    static final PlanLimits NO_HEADROOM = new PlanLimits(0, 4, 2, null);

    private final Map<String, Host> hosts = new LinkedHashMap<>();
    private final List<Reservation> reservations = new ArrayList<>();

    /** One worker in the making. */
    static final class Host {
        private final WorkerId id;
        private final Map<String, Long> pools = new LinkedHashMap<>();
        private final Map<String, String> kinds = new HashMap<>();
        private final List<VolumeReport> volumes = new ArrayList<>();
        private final List<WorkloadReport> workloads = new ArrayList<>();
        private @Nullable Long extentBytes;
        private final Map<String, String> labels = new HashMap<>();
        private Location location = new Location(null, null, null);
        private Capabilities capabilities = new Capabilities(false, true);
        private ResourceRequest capacity = new ResourceRequest(64_000, 256 * GIB);
        private boolean connected = true;
        private boolean cordoned;
        private boolean draining;

        private Host(WorkerId id) {
            this.id = id;
        }

        Host pool(String name, long gib) {
            pools.put(name, gib * GIB);
            return this;
        }

        Host pool(String name, String kind, long gib) {
            kinds.put(name, kind);
            return pool(name, gib);
        }

        /** All its pools have extents of that size. */
        Host extents(long gib) {
            extentBytes = gib * GIB;
            return this;
        }

        Host at(@Nullable String region, @Nullable String zone) {
            return at(region, zone, null);
        }

        Host at(@Nullable String region, @Nullable String zone, @Nullable String rack) {
            location = new Location(region, zone, rack);
            return this;
        }

        Host label(String key, String value) {
            labels.put(key, value);
            return this;
        }

        Host able(boolean dmClone, boolean portableClone) {
            capabilities = new Capabilities(dmClone, portableClone);
            return this;
        }

        Host having(long cpuMillis, long memoryGib) {
            capacity = new ResourceRequest(cpuMillis, memoryGib * GIB);
            return this;
        }

        Host disconnected() {
            connected = false;
            return this;
        }

        Host cordoned() {
            cordoned = true;
            return this;
        }

        Host draining() {
            draining = true;
            return this;
        }

        Host volume(String name, long gib) {
            return volume(name, gib, VolumeRole.OWNED, 0);
        }

        Host volume(String name, long gib, VolumeRole role, long epoch) {
            String pool = pools.isEmpty() ? "main" : pools.keySet().iterator().next();
            volumes.add(new VolumeReport(
                    new VolumeId(name), new PoolName(pool), gib * GIB, 512, null, epoch, role, true, null));
            return this;
        }

        Host workload(String name, String... owned) {
            return workload(name, null, ResourceRequest.NONE, WorkloadStatus.RUNNING, owned);
        }

        Host workload(
                String name, @Nullable String group, ResourceRequest request, WorkloadStatus status, String... owned) {
            return workload(name, group, Map.of(), request, status, owned);
        }

        Host workload(
                String name,
                @Nullable String group,
                Map<String, String> labels,
                ResourceRequest request,
                WorkloadStatus status,
                String... owned) {
            List<VolumeId> ids = List.of(owned).stream().map(VolumeId::new).toList();
            var definition =
                    new WorkloadDefinition(new WorkloadId(name), ids, "exec", null, group, labels, request, 30, 30);
            workloads.add(new WorkloadReport(definition, status, 0, false));
            return this;
        }

        private Worker worker() {
            WorkerProfile profile = new WorkerProfile(
                    id,
                    id.value(),
                    location,
                    labels,
                    new Portal("127.0.0.1", 3260),
                    "iqn.2026-11.io.sluice:host." + id,
                    capabilities,
                    capacity);
            List<PoolReport> reported = pools.entrySet().stream()
                    .map(pool -> {
                        long committed = volumes.stream()
                                .filter(volume -> volume.pool().value().equals(pool.getKey()))
                                .mapToLong(VolumeReport::sizeBytes)
                                .sum();
                        return new PoolReport(
                                new PoolName(pool.getKey()),
                                kinds.getOrDefault(pool.getKey(), "directory"),
                                pool.getValue(),
                                committed,
                                pool.getValue(),
                                extentBytes);
                    })
                    .toList();
            HostReport report = new HostReport(
                    id, 1, 1, 0, "boot", 0, reported, volumes, workloads, List.of(), List.of(), List.of(), null, null);
            return new Worker(profile, connected, cordoned, draining, report);
        }
    }

    Host host(String name) {
        return hosts.computeIfAbsent(name, id -> new Host(new WorkerId(id)));
    }

    void reserve(Reservation reservation) {
        reservations.add(reservation);
    }

    FleetSnapshot snapshot() {
        return new FleetSnapshot(hosts.values().stream().map(Host::worker).toList(), reservations);
    }
}
