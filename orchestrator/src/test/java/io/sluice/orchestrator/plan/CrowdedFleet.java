package io.sluice.orchestrator.plan;

import io.sluice.agent.api.ResourceRequest;
import io.sluice.agent.api.WorkerId;
import io.sluice.agent.api.WorkloadStatus;
import io.sluice.orchestrator.fleet.FleetSnapshot;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * A small fleet, made of a seed, in which much stands on every worker, and the exact answer with how few third-party moves its source
 * can be emptied, by trying everything on its own numbers: moves first, with all that stands in its place, then what waits for them.
 */
final class CrowdedFleet {
    static final WorkerId SOURCE = new WorkerId("source");

    /** What the exact answer may move of others'. */
    static final int MOST_MOVES = 2;

    private final List<Item> items = new ArrayList<>();
    private final List<Host> hosts = new ArrayList<>();
    private final Map<Item, Host> where = new HashMap<>();

    /** One workload with one volume; compared by what it is called. */
    private record Item(
            String name, int size, int cpu, @Nullable String group, boolean nvme) {}

    private record Host(String name, int size, int cpu, boolean nvme, State state) {}

    private enum State {
        OPEN,
        CORDONED,
        DRAINING,
        DISCONNECTED
    }

    private CrowdedFleet() {}

    static CrowdedFleet of(long seed) {
        Random random = new Random(seed);
        CrowdedFleet fleet = new CrowdedFleet();
        for (int h = 3 + random.nextInt(2); h > 0; h--) {
            State state = random.nextInt(8) == 0 ? State.values()[1 + random.nextInt(3)] : State.OPEN;
            Host host =
                    new Host("w" + h, 10 + random.nextInt(15), 10 + random.nextInt(8), random.nextInt(4) != 0, state);
            fleet.hosts.add(host);
            for (int i = 2 + random.nextInt(5); i > 0; i--) {
                Item item = item("stands-" + h + "-" + i, 1 + random.nextInt(6), random);
                if (fleet.fits(item, host, fleet.where)) {
                    fleet.put(item, host);
                }
            }
        }
        for (int i = 1 + random.nextInt(3); i > 0; i--) {
            fleet.items.add(item("leaves-" + i, 4 + random.nextInt(9), random));
        }
        return fleet;
    }

    private static Item item(String name, int size, Random random) {
        String group = random.nextInt(4) == 0 ? "g" + random.nextInt(3) : null;
        return new Item(name, size, random.nextInt(4), group, random.nextInt(6) == 0);
    }

    private void put(Item item, Host host) {
        items.add(item);
        where.put(item, host);
    }

    private boolean fits(Item item, Host host, Map<Item, Host> there) {
        int size = item.size();
        int cpu = item.cpu();
        for (Map.Entry<Item, Host> other : there.entrySet()) {
            if (other.getValue().equals(host)) {
                size += other.getKey().size();
                cpu += other.getKey().cpu();
                if (item.group() != null && item.group().equals(other.getKey().group())) {
                    return false;
                }
            }
        }
        return size <= host.size() && cpu <= host.cpu() && (host.nvme() || !item.nvme());
    }

    private List<Item> leaving() {
        return items.stream().filter(item -> !where.containsKey(item)).toList();
    }

    /** -1 when even so many as may be moved do not help. */
    int fewestMoves() {
        List<Item> movable = items.stream()
                .filter(item -> where.containsKey(item) && where.get(item).state() == State.OPEN)
                .toList();
        for (int moves = 0; moves <= MOST_MOVES; moves++) {
            if (canMove(movable, 0, moves, where, where)) {
                return moves;
            }
        }
        return -1;
    }

    /**
     * @param meanwhile where everything is while moves are under way, at both ends
     * @param after where everything is when they are over
     */
    private boolean canMove(List<Item> movable, int from, int moves, Map<Item, Host> meanwhile, Map<Item, Host> after) {
        if (moves == 0) {
            return canPlace(leaving(), 0, after);
        }
        for (int i = from; i < movable.size(); i++) {
            Item item = movable.get(i);
            for (Host host : hosts) {
                if (host.state() == State.OPEN && !host.equals(where.get(item)) && fits(item, host, meanwhile)) {
                    Map<Item, Host> both = new HashMap<>(meanwhile);
                    both.put(arriving(item), host);
                    Map<Item, Host> moved = new HashMap<>(after);
                    moved.put(item, host);
                    if (canMove(movable, i + 1, moves - 1, both, moved)) {
                        return true;
                    }
                }
            }
        }
        return false;
    }

    private static Item arriving(Item item) {
        return new Item(item.name() + " arriving", item.size(), item.cpu(), item.group(), item.nvme());
    }

    private boolean canPlace(List<Item> left, int next, Map<Item, Host> there) {
        if (next == left.size()) {
            return true;
        }
        for (Host host : hosts) {
            if (host.state() == State.OPEN && fits(left.get(next), host, there)) {
                Map<Item, Host> placed = new HashMap<>(there);
                placed.put(left.get(next), host);
                if (canPlace(left, next + 1, placed)) {
                    return true;
                }
            }
        }
        return false;
    }

    boolean isEmptied() {
        return leaving().isEmpty();
    }

    /** Has everything arrived that the plan moves, and gone from where it was. */
    void execute(DrainPlan plan) {
        for (Placement placement : plan.all()) {
            Item item = items.stream()
                    .filter(one -> one.name().equals(placement.cargo().name()))
                    .findFirst()
                    .orElseThrow();
            Host host = hosts.stream()
                    .filter(one -> one.name().equals(placement.destination().value()))
                    .findFirst()
                    .orElseThrow();
            where.put(item, host);
        }
    }

    FleetSnapshot snapshot() {
        Fleets fleet = new Fleets();
        fleet.host(SOURCE.value()).pool("main", 1_000).having(1_000_000, 1_000);
        for (Host from : hosts) {
            Fleets.Host host = fleet.host(from.name()).pool("main", from.size()).having(from.cpu() * 1_000L, 1_000);
            if (from.nvme()) {
                host.label("disk", "nvme");
            }
            switch (from.state()) {
                case OPEN -> {}
                case CORDONED -> host.cordoned();
                case DRAINING -> host.draining();
                case DISCONNECTED -> host.disconnected();
            }
        }
        for (Item item : items) {
            Host at = where.get(item);
            fleet.host(at == null ? SOURCE.value() : at.name())
                    .volume("v-" + item.name(), item.size())
                    .workload(
                            item.name(),
                            item.group(),
                            item.nvme() ? Map.of("sluice.require.disk", "nvme") : Map.of(),
                            new ResourceRequest(item.cpu() * 1_000L, 0),
                            WorkloadStatus.RUNNING,
                            "v-" + item.name());
        }
        return fleet.snapshot();
    }
}
