package io.sluice.orchestrator.simulation;

import io.sluice.agent.api.HydrationOrder;
import io.sluice.agent.api.MigrationId;
import io.sluice.agent.api.VolumeId;
import io.sluice.agent.api.WorkerId;
import io.sluice.agent.testing.FakeHost;
import io.sluice.orchestrator.ceiling.Grant;
import io.sluice.orchestrator.ceiling.PacedVolume;
import io.sluice.orchestrator.ceiling.Pacers;
import io.sluice.orchestrator.drain.Drain;
import io.sluice.orchestrator.fleet.Ceilings;
import io.sluice.orchestrator.fleet.Link;
import io.sluice.orchestrator.migration.Generations;
import io.sluice.orchestrator.migration.Migration;
import io.sluice.orchestrator.migration.MigrationState;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The fifth invariant as far as ceilings go, by what the hosts do and not by what was decided: what their clones and exports
 * let through. And how well the ceilings are used, and how evenly among equals, once all hosts do what they were told.
 */
final class CeilingInvariants {
    /** A decision may rest on a ceiling that was read before its replica was stopped for a while. */
    private static final long LIMIT_LAG_MILLIS = 25_000;

    private static final long UNLIMITED = PacedVolume.UNLIMITED;

    private final Timeline timeline;
    private final SimulatedDatabase database;
    private final SimulatedPacing pacing;
    private final List<SimulatedAgent> agents;
    private final Statistics statistics;
    private final Map<Key, List<Told>> told = new HashMap<>();
    private final Map<Link, Long> allowances = new HashMap<>();
    private final Map<Link, Eased> eased = new HashMap<>();
    private Ceilings ceilings = Ceilings.NONE;

    private record Key(MigrationId migration, VolumeId volume) {}

    /** A rate, and the generations of source and destination that it came with. */
    private record Told(long bytesPerSecond, Generations with) {}

    private record Eased(int most, long until) {}

    /** A volume that is being copied, and what crosses the wire for it. */
    private record Copy(Migration migration, VolumeId volume, Set<Link> path, long bytesPerSecond) {}

    CeilingInvariants(
            Timeline timeline,
            SimulatedDatabase database,
            SimulatedPacing pacing,
            List<SimulatedAgent> agents,
            Statistics statistics) {
        this.timeline = timeline;
        this.database = database;
        this.pacing = pacing;
        this.agents = agents;
        this.statistics = statistics;
    }

    /**
     * Ceilings were set anew. What was under way below a higher one may go on until its hosts hear of it, but must never become more:
     * from now on it is at most what it can still be.
     */
    void ceilingsChanged() {
        Ceilings before = ceilings;
        ceilings = pacing.ceilings();
        Set<Link> links = new TreeSet<>();
        database.live().forEach(live -> links.addAll(pacing.path(live)));
        for (Link link : links) {
            Long now = ceilings.of(link).bytesPerSecond();
            Long once = before.of(link).bytesPerSecond();
            if (now != null && (once == null || once > now)) {
                allowances.put(link, UNLIMITED);
            }
            Integer most = before.of(link).migrations();
            eased.put(
                    link,
                    new Eased(most == null ? Integer.MAX_VALUE : most, timeline.elapsedMillis() + LIMIT_LAG_MILLIS));
        }
    }

    void granted(Migration migration, List<Grant> grants, Generations with) {
        grants.forEach(grant -> told.computeIfAbsent(new Key(migration.id(), grant.volume()), key -> new ArrayList<>())
                .add(new Told(grant.bytesPerSecond(), with)));
    }

    void committed(Migration after) {
        if (after.state() == MigrationState.ForwardOnly.HYDRATING) {
            Map<VolumeId, Long> held = pacing.granted(after);
            for (VolumeId volume : after.cargo().volumeIds()) {
                long rate = held.getOrDefault(volume, UNLIMITED);
                told.put(
                        new Key(after.id(), volume),
                        new ArrayList<>(List.of(new Told(rate, after.position().generations()))));
            }
        }
        if (after.state() == MigrationState.Reversible.PREPARING) {
            places(after);
        }
    }

    private void places(Migration begun) {
        Map<Link, Integer> now = pacing.taken();
        for (Link link : pacing.path(begun)) {
            Integer most = ceilings.of(link).migrations();
            if (most != null) {
                Eased lately = eased.get(link);
                int allowed = lately != null && timeline.elapsedMillis() <= lately.until()
                        ? Math.max(most, lately.most())
                        : most;
                int under = now.getOrDefault(link, 0);
                statistics.checked(5);
                Breach.unless(under <= allowed, 5, () -> under + " migrations are under way on " + link);
            }
        }
    }

    /** No link carries more than its ceiling, nor more than it did when that was lowered. */
    void check() {
        if (!ceilings.onBytes()) {
            return;
        }
        Map<Link, Long> carried = new TreeMap<>();
        List<Copy> copies = copies();
        for (Copy copy : copies) {
            copy.path().forEach(link -> carried.merge(link, copy.bytesPerSecond(), CeilingInvariants::plus));
        }
        if (!allowances.isEmpty()) {
            narrow();
        }
        ceilings.bytesPerSecond(carried.keySet()).forEach((link, most) -> {
            long allowed = Math.max(most, allowances.getOrDefault(link, 0L));
            long now = carried.getOrDefault(link, 0L);
            statistics.checked(5);
            Breach.unless(
                    now <= allowed,
                    5,
                    () -> link + " carries " + now + " bytes/s of " + most + ": "
                            + copies.stream()
                                    .filter(copy -> copy.path().contains(link))
                                    .map(copy -> copy.volume() + " " + copy.bytesPerSecond())
                                    .toList());
        });
    }

    private List<Copy> copies() {
        List<Copy> copies = new ArrayList<>();
        for (Migration live : database.live()) {
            if (live.state() == MigrationState.ForwardOnly.HYDRATING) {
                FakeHost destination = agent(live.destination()).host();
                for (VolumeId volume : live.cargo().volumeIds()) {
                    long rate = destination.copyingBytesPerSecond(volume);
                    copies.add(new Copy(live, volume, pacing.path(live), rate));
                }
            }
        }
        return copies;
    }

    private void narrow() {
        Map<Link, Long> possible = new HashMap<>();
        for (Migration live : database.live()) {
            if (live.state() == MigrationState.ForwardOnly.HYDRATING) {
                for (VolumeId volume : live.cargo().volumeIds()) {
                    long most = Math.min(mostAtDestination(live, volume), mostAtSource(live, volume));
                    pacing.path(live).forEach(link -> possible.merge(link, most, CeilingInvariants::plus));
                }
            }
        }
        allowances.replaceAll((link, allowed) -> Math.min(allowed, possible.getOrDefault(link, 0L)));
        allowances.entrySet().removeIf(entry -> {
            Long most = ceilings.of(entry.getKey()).bytesPerSecond();
            return most == null || entry.getValue() <= most;
        });
    }

    /** What the clone keeps to, or will by a spec that was read or is still on its way. */
    private long mostAtDestination(Migration migration, VolumeId volume) {
        long now = agent(migration.destination()).host().clones().stream()
                .filter(clone -> clone.volume().equals(volume) && clone.order() != null)
                .mapToLong(clone -> rate(clone.order()))
                .findFirst()
                .orElse(0);
        return Math.max(now, told(migration, volume, migration.destination()));
    }

    private static long rate(@Nullable HydrationOrder order) {
        if (order == null || order.paused()) {
            return 0;
        }
        return order.bytesPerSecond() == null ? UNLIMITED : order.bytesPerSecond();
    }

    private long mostAtSource(Migration migration, VolumeId volume) {
        long now = agent(migration.source()).host().exports().stream()
                .filter(export -> export.order().migration().equals(migration.id())
                        && export.order().volume().equals(volume))
                .mapToLong(export -> {
                    Long rate = export.order().access().bytesPerSecond();
                    return rate == null ? UNLIMITED : rate;
                })
                .findFirst()
                .orElse(0);
        return Math.max(now, told(migration, volume, migration.source()));
    }

    /** The highest rate of a spec that the host has done last, is doing or has not read yet: what it does may be of an older one. */
    private long told(Migration migration, VolumeId volume, WorkerId host) {
        long done = agent(host).converged();
        List<Told> all = told.getOrDefault(new Key(migration.id(), volume), List.of());
        long most = 0;
        for (int i = 0; i < all.size(); i++) {
            boolean replaced = i + 1 < all.size() && with(all.get(i + 1), migration, host) <= done;
            if (!replaced) {
                most = Math.max(most, all.get(i).bytesPerSecond());
            }
        }
        return most;
    }

    private static long with(Told rate, Migration migration, WorkerId host) {
        return migration.source().equals(host)
                ? rate.with().source()
                : rate.with().destination();
    }

    /**
     * Looks how evenly and how well, while all rates are settled and every host concerned is up and does what it was told:
     * equals are copies of one weight on the same links with ceilings; a copy uses what there is when some link on its way is full.
     */
    void measure() {
        if (!ceilings.onBytes()) {
            return;
        }
        List<Copy> copies = copies().stream()
                .filter(copy -> copy.path().stream().anyMatch(this::isLimited))
                .filter(copy -> copy.bytesPerSecond() > 0)
                .toList();
        if (copies.isEmpty()) {
            return;
        }
        boolean settled = isSettled(copies);
        statistics.measured(settled);
        if (!settled) {
            return;
        }
        Map<Link, Long> carried = new HashMap<>();
        copies.forEach(copy ->
                copy.path().forEach(link -> carried.merge(link, copy.bytesPerSecond(), CeilingInvariants::plus)));
        for (Copy copy : copies) {
            double use = copy.path().stream()
                    .filter(this::isLimited)
                    .mapToDouble(link -> carried.getOrDefault(link, 0L) / (double) most(link))
                    .max()
                    .orElse(1);
            statistics.used(use);
        }
        copies.stream().collect(Collectors.groupingBy(this::peers)).values().stream()
                .filter(equals -> equals.size() > 1)
                .forEach(equals -> statistics.fair(jain(equals)));
    }

    private boolean isSettled(List<Copy> copies) {
        List<PacedVolume> paced = pacing.copying();
        return paced.size() == copies.size()
                && Pacers.settled(paced, ceilings)
                && copies.stream().allMatch(this::doesWhatItWasTold);
    }

    /** The rest of what is granted is kept for what the workload reads. */
    private boolean doesWhatItWasTold(Copy copy) {
        Long granted = pacing.granted(copy.migration()).get(copy.volume());
        return granted != null
                && isUpToDate(copy.migration().source())
                && isUpToDate(copy.migration().destination())
                && copy.bytesPerSecond() >= granted - granted / 64
                && copy.bytesPerSecond() <= granted;
    }

    private boolean isUpToDate(WorkerId host) {
        Long generation = agent(host).generation();
        return generation != null && generation == database.worker(host).generation();
    }

    private boolean isLimited(Link link) {
        return ceilings.of(link).bytesPerSecond() != null;
    }

    private long most(Link link) {
        Long most = ceilings.of(link).bytesPerSecond();
        return most == null ? UNLIMITED : most;
    }

    private String peers(Copy copy) {
        Drain drain = database.drain(copy.migration().drain());
        int priority = drain == null ? 0 : drain.order().limits().priority();
        Set<Link> limited = new TreeSet<>();
        copy.path().stream().filter(this::isLimited).forEach(limited::add);
        return PacedVolume.weight(priority) + " " + limited;
    }

    /** 1 when all have the same, 1/n when one has everything. */
    private static double jain(List<Copy> equals) {
        double sum = 0;
        double squares = 0;
        for (Copy copy : equals) {
            sum += copy.bytesPerSecond();
            squares += (double) copy.bytesPerSecond() * copy.bytesPerSecond();
        }
        return sum * sum / (equals.size() * squares);
    }

    private static long plus(long one, long other) {
        return one > UNLIMITED - other ? UNLIMITED : one + other;
    }

    private SimulatedAgent agent(WorkerId worker) {
        return agents.stream()
                .filter(agent -> agent.worker().equals(worker))
                .findFirst()
                .orElseThrow();
    }
}
