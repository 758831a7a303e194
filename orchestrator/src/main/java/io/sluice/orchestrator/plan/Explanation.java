package io.sluice.orchestrator.plan;

import io.sluice.agent.api.PoolName;
import io.sluice.agent.api.WorkloadId;
import io.sluice.orchestrator.reason.Reason;
import io.sluice.orchestrator.reason.ReasonCode;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Puts into words why a cargo goes where it goes, or why it cannot go anywhere. Cargoes that ask for the same are counted
 * once.
 */
final class Explanation {
    private static final List<String> UNITS = List.of("B", "KiB", "MiB", "GiB", "TiB", "PiB");

    private final Packing packing;
    private final Map<Demand, WorkloadId> kept;
    private final Map<Demand, List<ThirdPartyMove>> room;
    private final List<Load> empty;
    private final Map<Terrain.Kind, Map<Obstacle, Integer>> unfit = new HashMap<>();
    private final Map<Ask, Map<Obstacle, Integer>> counts = new HashMap<>();

    /** What decides how many workers can take a cargo. */
    private record Ask(Terrain.Kind kind, List<Long> sizes, List<PoolName> pools, long cpuMillis, long memoryBytes) {}

    /**
     * @param kept what is kept back, each with the workload it is kept for
     * @param room what waits for room, each with the moves that make it
     */
    Explanation(Packing packing, Map<Demand, WorkloadId> kept, Map<Demand, List<ThirdPartyMove>> room) {
        this.packing = packing;
        this.kept = kept;
        this.room = room;
        this.empty = packing.loads().stream().map(load -> new Load(load.at())).toList();
    }

    List<String> choice(Demand demand) {
        Load load = Objects.requireNonNull(packing.where(demand), "it was placed");
        int[] pools = Objects.requireNonNull(packing.pools(demand), "it was placed");
        Destination destination = load.at();
        Map<Obstacle, Integer> against = before(demand);
        int all = empty.size();
        int eligible = all - sum(against);
        List<String> because = new ArrayList<>();
        because.add(
                eligible == 1
                        ? destination.id() + " is the only one of " + all + " workers that can take it"
                        : "chosen among " + eligible + " of " + all + " workers that can take it");
        IntStream.of(pools)
                .distinct()
                .forEach(pool -> because.add("pool " + destination.pool(pool).name() + " has room: "
                        + bytes(load.free(pool)) + " stay free with the whole plan placed"));
        String zone = destination.worker().profile().location().zone();
        if (zone != null && Objects.equals(destination.zone(), Place.zone(demand.source()))) {
            because.add("stays in zone " + zone);
        }
        if (packing.crowdingOf(demand) > 0) {
            because.add("shares a failure domain with others of group " + demand.group()
                    + ", for want of one that has none of them and room");
        }
        if (!against.isEmpty()) {
            because.add("not eligible: " + words(against));
        }
        return because;
    }

    Reason refusal(Demand demand) {
        String what = demand.cargo().name() + " (" + demand(demand) + ")";
        WorkloadId staying = kept.get(demand);
        if (staying != null) {
            return ReasonCode.NEEDED_WHERE_IT_IS.because(what + " is the last of group " + demand.group()
                    + " in its zone, and " + staying + ", which stays there, must be near to one.");
        }
        List<ThirdPartyMove> moves = room.get(demand);
        if (moves != null) {
            return ThirdPartyMove.awaited(demand.cargo().name(), moves);
        }
        Map<Obstacle, Integer> against = before(demand);
        int eligible = empty.size() - sum(against);
        if (eligible > 0) {
            return ReasonCode.NO_CAPACITY.because(what + " would fit alone on " + workers(eligible)
                    + ", but what else is leaving " + demand.source().id() + " takes the room: with the rest placed "
                    + words(after(demand)) + ".");
        }
        return ReasonCode.NO_ELIGIBLE_DESTINATION.because(what + " has no destination: "
                + (empty.isEmpty()
                        ? "there is no other worker"
                        : "of " + empty.size() + " other workers " + words(against))
                + ".");
    }

    /** How many workers each filter excludes, before anything of this plan is placed. */
    private Map<Obstacle, Integer> before(Demand demand) {
        boolean named = demand.rules().samePools();
        Ask ask = new Ask(
                packing.terrain().kind(demand),
                IntStream.range(0, demand.volumes()).mapToObj(demand::size).toList(),
                named
                        ? IntStream.range(0, demand.volumes())
                                .mapToObj(demand::pool)
                                .toList()
                        : List.of(),
                demand.cpuMillis(),
                demand.memoryBytes());
        return counts.computeIfAbsent(ask, key -> against(demand, empty));
    }

    /** How many workers each filter excludes with everything placed. */
    private Map<Obstacle, Integer> after(Demand demand) {
        return against(demand, packing.loads());
    }

    private Map<Obstacle, Integer> against(Demand demand, List<Load> loads) {
        Map<Obstacle, Integer> against = new EnumMap<>(Obstacle.class);
        against.putAll(unfit.computeIfAbsent(packing.terrain().kind(demand), kind -> {
            Map<Obstacle, Integer> some = new EnumMap<>(Obstacle.class);
            packing.terrain()
                    .destinations()
                    .forEach(destination -> count(some, packing.terrain().unfit(demand, destination)));
            return some;
        }));
        BitSet suitable = packing.suitable(demand);
        for (int i = suitable.nextSetBit(0); i >= 0; i = suitable.nextSetBit(i + 1)) {
            count(against, loads.get(i).shortOf(demand));
        }
        return against;
    }

    private static void count(Map<Obstacle, Integer> counts, @Nullable Obstacle obstacle) {
        if (obstacle != null) {
            counts.merge(obstacle, 1, Integer::sum);
        }
    }

    private static int sum(Map<Obstacle, Integer> counts) {
        return counts.values().stream().mapToInt(Integer::intValue).sum();
    }

    private static String words(Map<Obstacle, Integer> counts) {
        return counts.entrySet().stream()
                .map(entry -> entry.getValue() + " " + entry.getKey().words())
                .collect(Collectors.joining(", "));
    }

    private static String workers(int count) {
        return count == 1 ? "1 worker" : count + " workers";
    }

    static String demand(Demand demand) {
        List<String> parts = new ArrayList<>();
        if (demand.volumes() > 0) {
            parts.add(bytes(demand.bytes()) + " in " + demand.volumes()
                    + (demand.volumes() == 1 ? " volume" : " volumes"));
        }
        if (demand.cpuMillis() > 0) {
            parts.add(cores(demand.cpuMillis()));
        }
        if (demand.memoryBytes() > 0) {
            parts.add(bytes(demand.memoryBytes()) + " of memory");
        }
        return parts.isEmpty() ? "no volumes" : String.join(", ", parts);
    }

    static String cores(long cpuMillis) {
        return String.format(Locale.ROOT, "%.1f cores", cpuMillis / 1000.0);
    }

    static String bytes(long bytes) {
        double value = Math.max(0, bytes);
        int unit = 0;
        while (value >= 1024 && unit < UNITS.size() - 1) {
            value /= 1024;
            unit++;
        }
        return value == Math.rint(value)
                ? String.format(Locale.ROOT, "%.0f %s", value, UNITS.get(unit))
                : String.format(Locale.ROOT, "%.1f %s", value, UNITS.get(unit));
    }
}
