package io.sluice.orchestrator.plan;

import io.sluice.agent.api.ResourceRequest;
import io.sluice.agent.api.WorkerId;
import io.sluice.agent.api.WorkloadStatus;
import io.sluice.orchestrator.fleet.FleetSnapshot;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A small fleet with little to spare, made of a seed, and the exact answer whether everything on its one or two sources can go,
 * by trying everything (branch and bound, largest first) on its own numbers.
 */
final class TightFleet {
    private final List<Item> items = new ArrayList<>();
    private final List<Host> hosts = new ArrayList<>();
    private int sources = 1;

    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Item(
            int source,
            int[] sizes,
            int cpu,
            int memory,
            @Nullable String group,
            boolean nvme) {
        int size() {
            int sum = 0;
            for (int size : sizes) {
                sum += size;
            }
            return sum;
        }
    }

    /** What one worker has left while the search goes on. */
    private static final class Host {
        private final int[] pools;
        private final boolean nvme;
        private final boolean cordoned;
        private final int allCpu;
        private final int allMemory;
        private int cpu;
        private int memory;
        private final Set<String> groups = new HashSet<>();

        Host(Random random) {
            pools = random.ints(1 + random.nextInt(2), 5, 20).toArray();
            cpu = 4 + random.nextInt(10);
            memory = 4 + random.nextInt(10);
            allCpu = cpu;
            allMemory = memory;
            nvme = random.nextInt(4) != 0;
            cordoned = random.nextInt(12) == 0;
        }
    }

    private TightFleet() {}

    static TightFleet of(long seed) {
        Random random = new Random(seed);
        TightFleet fleet = new TightFleet();
        fleet.sources = 1 + random.nextInt(2);
        for (int i = 2 + random.nextInt(3); i > 0; i--) {
            fleet.hosts.add(new Host(random));
        }
        for (int i = 4 + random.nextInt(5); i > 0; i--) {
            int[] sizes = random.ints(1 + random.nextInt(2), 1, 8).toArray();
            String group = random.nextInt(4) == 0 ? "g" + random.nextInt(2) : null;
            fleet.items.add(new Item(
                    random.nextInt(fleet.sources),
                    sizes,
                    random.nextInt(5),
                    random.nextInt(5),
                    group,
                    random.nextInt(6) == 0));
        }
        fleet.items.sort(Comparator.comparingInt(Item::size).reversed());
        return fleet;
    }

    List<WorkerId> sources() {
        List<WorkerId> ids = new ArrayList<>();
        for (int i = 0; i < sources; i++) {
            ids.add(new WorkerId("source-" + i));
        }
        return ids;
    }

    boolean canBeEmptied() {
        return place(0);
    }

    private boolean place(int next) {
        if (next == items.size()) {
            return true;
        }
        Item item = items.get(next);
        for (Host host : hosts) {
            boolean allowed = !host.cordoned
                    && (host.nvme || !item.nvme())
                    && host.cpu >= item.cpu()
                    && host.memory >= item.memory()
                    && (item.group() == null || !host.groups.contains(item.group()));
            if (allowed && divide(host, item, 0, next)) {
                return true;
            }
        }
        return false;
    }

    private boolean divide(Host host, Item item, int volume, int next) {
        if (volume == item.sizes().length) {
            host.cpu -= item.cpu();
            host.memory -= item.memory();
            if (item.group() != null) {
                host.groups.add(item.group());
            }
            boolean placed = place(next + 1);
            host.cpu += item.cpu();
            host.memory += item.memory();
            if (item.group() != null) {
                host.groups.remove(item.group());
            }
            return placed;
        }
        for (int pool = 0; pool < host.pools.length; pool++) {
            if (host.pools[pool] >= item.sizes()[volume]) {
                host.pools[pool] -= item.sizes()[volume];
                boolean placed = divide(host, item, volume + 1, next);
                host.pools[pool] += item.sizes()[volume];
                if (placed) {
                    return true;
                }
            }
        }
        return false;
    }

    FleetSnapshot snapshot() {
        Fleets fleet = new Fleets();
        for (WorkerId source : sources()) {
            fleet.host(source.value()).pool("main", 10_000).having(1_000_000, 10_000);
        }
        for (int i = 0; i < items.size(); i++) {
            Item item = items.get(i);
            Fleets.Host source = fleet.host("source-" + item.source());
            String[] volumes = new String[item.sizes().length];
            for (int v = 0; v < volumes.length; v++) {
                volumes[v] = "v" + i + "-" + v;
                source.volume(volumes[v], item.sizes()[v]);
            }
            source.workload(
                    "app-" + i,
                    item.group(),
                    item.nvme() ? Map.of("sluice.require.disk", "nvme") : Map.of(),
                    new ResourceRequest(item.cpu() * 1_000L, item.memory() * Fleets.GIB),
                    WorkloadStatus.RUNNING,
                    volumes);
        }
        for (int i = 0; i < hosts.size(); i++) {
            Host from = hosts.get(i);
            Fleets.Host host = fleet.host("w" + i).having(from.allCpu * 1_000L, from.allMemory);
            for (int p = 0; p < from.pools.length; p++) {
                host.pool("pool-" + p, from.pools[p]);
            }
            if (from.nvme) {
                host.label("disk", "nvme");
            }
            if (from.cordoned) {
                host.cordoned();
            }
        }
        return fleet.snapshot();
    }
}
