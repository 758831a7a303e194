package io.sluice.orchestrator.ceiling;

import io.sluice.orchestrator.fleet.Ceilings;
import io.sluice.orchestrator.fleet.Link;
import io.sluice.orchestrator.plan.BandwidthAllocator;
import io.sluice.orchestrator.plan.BandwidthAllocator.Flow;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.ToLongFunction;

/**
 * Which rates change now. The fair shares are what {@link BandwidthAllocator} says; a rate within a sixteenth of its share is
 * left alone, so that a migration which begins or ends changes the specs of a few hosts and not of all. A rate rises only into
 * room that is free for certain: what a host was told to give up counts as taken until it is known to have. Pure; called
 * again whenever something changed, it ends with no grants.
 */
public final class Pacing {
    /** How far from its fair share a rate may stay: a sixteenth either way keeps Jain's index above 0.99 among equals. */
    private static final long NEAR = 16;

    /** Room that is worth a new spec: less than this part of the share, or of the ceiling, is left unused. */
    private static final long WORTH = 64;

    private final List<Share> shares = new ArrayList<>();
    private final Map<Link, Long> ceilings;
    private final Map<Link, List<Share>> byLink = new HashMap<>();

    private Pacing(List<PacedVolume> volumes, Ceilings configured) {
        Set<Link> links = new LinkedHashSet<>();
        volumes.forEach(volume -> links.addAll(volume.path()));
        this.ceilings = configured.bytesPerSecond(links);
        List<Flow<Link>> flows = volumes.stream()
                .map(volume -> new Flow<>(volume.path(), volume.weight(), BandwidthAllocator.UNLIMITED))
                .toList();
        List<Long> fair = BandwidthAllocator.share(flows, ceilings);
        for (int i = 0; i < volumes.size(); i++) {
            Share share = new Share(volumes.get(i), fair.get(i));
            shares.add(share);
            for (Link link : share.volume.path()) {
                if (ceilings.containsKey(link)) {
                    byLink.computeIfAbsent(link, key -> new ArrayList<>()).add(share);
                }
            }
        }
    }

    /** The rates that are to change; one that falls takes effect before the room it makes is given to others. */
    public static List<Grant> next(List<PacedVolume> volumes, Ceilings ceilings) {
        Pacing pacing = new Pacing(volumes, ceilings);
        pacing.lower();
        pacing.raise();
        return pacing.shares.stream()
                .filter(share -> share.rate != share.volume.granted())
                .map(share -> new Grant(share.volume.migration(), share.volume.volume(), share.rate))
                .toList();
    }

    /** One volume's rate while it is being decided. */
    private static final class Share {
        final PacedVolume volume;
        final long fair;
        long rate;

        Share(PacedVolume volume, long fair) {
            this.volume = volume;
            this.fair = fair;
            this.rate = volume.granted();
        }

        boolean free() {
            return fair == PacedVolume.UNLIMITED;
        }

        long low() {
            return fair - fair / NEAR;
        }

        long high() {
            return fair + fair / NEAR;
        }

        boolean hungry() {
            return rate < low();
        }

        /** What it is to have if nothing changes but that the hungry are fed. */
        long wanted() {
            return hungry() && !volume.untouchable() ? fair : rate;
        }

        /** What may be on the wire because of it, until a report says otherwise. */
        long bound() {
            return Math.max(rate, volume.loose());
        }

        double excess() {
            return fair == 0 ? Double.POSITIVE_INFINITY : (double) rate / fair;
        }
    }

    /** Who has far more than the fair share loses the rest; then, where that is not enough, who has most loses a little. */
    private void lower() {
        for (Share share : shares) {
            if (!share.free() && !share.volume.untouchable() && share.rate > share.high()) {
                share.rate = share.fair;
            }
        }
        byLink.keySet().stream().sorted().forEach(this::fit);
    }

    private void fit(Link link) {
        List<Share> here = byLink.getOrDefault(link, List.of());
        long over = sum(here, Share::wanted) - ceilings.getOrDefault(link, PacedVolume.UNLIMITED);
        if (over <= 0) {
            return;
        }
        List<Share> fullest = here.stream()
                .filter(share -> !share.volume.untouchable() && share.rate > share.low())
                .sorted(Comparator.comparingDouble(Share::excess).reversed())
                .toList();
        for (Share share : fullest) {
            if (over > 0) {
                over -= share.rate - share.low();
                share.rate = share.low();
            }
        }
    }

    /**
     * The hungriest first, up to the fair share; then whoever room is left for, a little above it. What the hungry cannot be
     * given yet is kept for them: else it would be taken back in the next round.
     */
    private void raise() {
        List<Share> hungriest = shares.stream()
                .filter(share -> !share.volume.untouchable() && share.rate >= share.volume.granted())
                .sorted(Comparator.comparingDouble(Share::excess))
                .toList();
        Map<Link, Long> room = room(Share::bound);
        for (Share share : hungriest) {
            if (share.free()) {
                share.rate = PacedVolume.UNLIMITED;
            } else if (share.hungry()) {
                give(share, share.fair, room);
            }
        }
        Map<Link, Long> left = room(share -> Math.max(share.bound(), share.wanted()));
        for (Share share : hungriest) {
            if (!share.free() && roomy(share, left)) {
                give(share, share.high(), left);
            }
        }
    }

    private Map<Link, Long> room(ToLongFunction<Share> taken) {
        Map<Link, Long> room = new HashMap<>();
        byLink.forEach(
                (link, here) -> room.put(link, ceilings.getOrDefault(link, PacedVolume.UNLIMITED) - sum(here, taken)));
        return room;
    }

    private boolean roomy(Share share, Map<Link, Long> room) {
        return share.volume.path().stream()
                .filter(ceilings::containsKey)
                .allMatch(link ->
                        room.getOrDefault(link, 0L) > ceilings.getOrDefault(link, PacedVolume.UNLIMITED) / WORTH);
    }

    /** What its own hosts may still keep to is room for it already. */
    private void give(Share share, long upTo, Map<Link, Long> room) {
        long free = share.bound() - share.rate;
        long spare = PacedVolume.UNLIMITED;
        for (Link link : share.volume.path()) {
            if (ceilings.containsKey(link)) {
                spare = Math.min(spare, Math.max(0, room.getOrDefault(link, 0L)));
            }
        }
        long gain = Math.min(upTo - share.rate, spare > PacedVolume.UNLIMITED - free ? spare : spare + free);
        if (gain <= 0 || gain < share.fair / WORTH) {
            return;
        }
        long before = share.bound();
        share.rate += gain;
        long more = share.bound() - before;
        for (Link link : share.volume.path()) {
            room.computeIfPresent(link, (key, left) -> left - more);
        }
    }

    /** Saturates: a rate without a ceiling is more than any sum. */
    private static long sum(List<Share> shares, ToLongFunction<Share> what) {
        long sum = 0;
        for (Share share : shares) {
            long one = what.applyAsLong(share);
            sum = one > PacedVolume.UNLIMITED - sum ? PacedVolume.UNLIMITED : sum + one;
        }
        return sum;
    }
}
