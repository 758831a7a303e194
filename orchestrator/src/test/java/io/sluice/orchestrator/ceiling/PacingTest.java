package io.sluice.orchestrator.ceiling;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.agent.api.MigrationId;
import io.sluice.agent.api.RegisterRequest.Location;
import io.sluice.agent.api.VolumeId;
import io.sluice.agent.api.WorkerId;
import io.sluice.orchestrator.fleet.Ceiling;
import io.sluice.orchestrator.fleet.Ceilings;
import io.sluice.orchestrator.fleet.Link;
import io.sluice.orchestrator.fleet.Link.Direction;
import io.sluice.orchestrator.fleet.Link.Scope;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Rounds of pacing against hosts that take up what they are told late, on fleets from seeds. */
class PacingTest {
    private static final long MIB = 1 << 20;

    /** The part of its share that a migration copies with; the rest is room for what the workload reads. */
    private static final double COPIED = 63.0 / 64;

    @Test
    void withoutCeilingsNothingIsEverPaced() {
        Fleet fleet = new Fleet(1, Ceilings.NONE);
        fleet.begin("a", "s", "d");
        fleet.volumes.values().forEach(rate -> rate.granted = PacedVolume.UNLIMITED);

        assertThat(Pacing.next(fleet.paced(), Ceilings.NONE)).isEmpty();
    }

    @Test
    void whatHadNoCeilingIsHeldToANewOneAndLetGoWithIt() {
        Ceilings narrow = fleetWide(100 * MIB);
        PacedVolume loose = volume("a", "s", "d", PacedVolume.UNLIMITED, PacedVolume.UNLIMITED, false);

        assertThat(Pacing.next(List.of(loose), narrow))
                .extracting(Grant::bytesPerSecond)
                .containsExactly(100 * MIB);
        assertThat(Pacing.next(List.of(volume("a", "s", "d", 100 * MIB, 100 * MIB, false)), Ceilings.NONE))
                .extracting(Grant::bytesPerSecond)
                .containsExactly(PacedVolume.UNLIMITED);
    }

    @Test
    void roomIsGivenAwayOnlyOnceItIsKnownToBeFree() {
        Ceilings narrow = fleetWide(100 * MIB);
        PacedVolume before = volume("a", "s", "d", 100 * MIB, 100 * MIB, false);
        PacedVolume begun = volume("b", "t", "e", 0, 0, false);

        List<Grant> lowered = Pacing.next(List.of(before, begun), narrow);
        assertThat(lowered).extracting(Grant::volume).containsExactly(before.volume());
        long left = lowered.getFirst().bytesPerSecond();

        PacedVolume unconfirmed = volume("a", "s", "d", left, 100 * MIB, false);
        assertThat(Pacing.next(List.of(unconfirmed, begun), narrow)).isEmpty();

        PacedVolume confirmed = volume("a", "s", "d", left, left, false);
        assertThat(Pacing.next(List.of(confirmed, begun), narrow))
                .containsExactly(new Grant(begun.migration(), begun.volume(), 50 * MIB));
    }

    @Test
    void aHostInACutoverIsNotDisturbed() {
        Ceilings narrow = fleetWide(100 * MIB);

        assertThat(Pacing.next(
                        List.of(volume("a", "s", "d", 100 * MIB, 100 * MIB, true), volume("b", "t", "e", 0, 0, true)),
                        narrow))
                .isEmpty();
    }

    /** Jain's index, use of the binding ceiling, and that no ceiling is exceeded on the way there. */
    @Test
    void equalsShareFairlyAndUseTheCeiling() {
        for (int count : List.of(1, 2, 3, 10, 100, 1000)) {
            Fleet fleet = new Fleet(count, fleetWide(1000 * MIB));
            for (int i = 0; i < count; i++) {
                fleet.begin("m" + i, "s" + i, "d" + i);
                if (i % 10 == 0) {
                    fleet.round();
                }
            }
            fleet.settle();

            List<Long> rates =
                    fleet.volumes.values().stream().map(rate -> rate.granted).toList();
            assertThat(jain(rates)).as("%d migrations", count).isGreaterThanOrEqualTo(0.95);
            assertThat(rates.stream().mapToLong(rate -> rate).sum() * COPIED)
                    .as("%d migrations", count)
                    .isGreaterThanOrEqualTo(0.95 * 1000 * MIB);
        }
    }

    @Test
    void oneThatBeginsOrEndsAmongAThousandChangesTheSpecsOfAFew() {
        Fleet fleet = new Fleet(5, fleetWide(1000 * MIB));
        for (int i = 0; i < 1000; i++) {
            fleet.begin("m" + i, "s" + i, "d" + i);
        }
        fleet.settle();

        int before = fleet.grants;
        fleet.begin("late", "s", "d");
        fleet.settle();
        assertThat(fleet.grants - before).as("specs for one that begins").isBetween(1, 50);
        assertThat(fleet.rate("late").granted).isGreaterThan(MIB * 9 / 10);

        before = fleet.grants;
        fleet.end("late");
        fleet.settle();
        assertThat(fleet.grants - before).as("specs for one that ends").isLessThan(50);
    }

    /** Begins, ends, cutovers, late hosts; ceilings on workers, racks, zones and the fleet. */
    @Test
    void noCeilingIsExceededWhateverBeginsEndsAndIsTakenUpLate() {
        LongStream.rangeClosed(1, 100).forEach(seed -> {
            Random random = new Random(seed);
            Fleet fleet = new Fleet(seed, random(random));
            for (int step = 0; step < 60; step++) {
                if (random.nextInt(3) > 0) {
                    fleet.begin("m" + step, "w" + random.nextInt(6), "w" + (6 + random.nextInt(6)));
                } else if (!fleet.volumes.isEmpty()) {
                    List<String> names = List.copyOf(fleet.volumes.keySet());
                    fleet.end(names.get(random.nextInt(names.size())));
                }
                fleet.volumes.values().forEach(rate -> rate.untouchable = random.nextInt(5) == 0);
                fleet.round();
            }
            fleet.volumes.values().forEach(rate -> rate.untouchable = false);
            fleet.settle();
            fleet.assertWorkIsNotLeftWhereThereIsRoom();
        });
    }

    private static Ceilings fleetWide(long bytes) {
        return new Ceilings(Map.of(new Link(Scope.FLEET, "*", Direction.OUT), new Ceiling(null, bytes)));
    }

    private static Ceilings random(Random random) {
        Map<Link, Ceiling> set = new HashMap<>();
        set.put(new Link(Scope.WORKER, "*", Direction.OUT), new Ceiling(null, (1 + random.nextInt(100)) * MIB));
        set.put(new Link(Scope.WORKER, "*", Direction.IN), new Ceiling(null, (1 + random.nextInt(100)) * MIB));
        set.put(new Link(Scope.RACK, "r1", Direction.IN), new Ceiling(null, (1 + random.nextInt(100)) * MIB));
        set.put(new Link(Scope.ZONE, "z1", Direction.OUT), new Ceiling(null, (1 + random.nextInt(200)) * MIB));
        set.put(new Link(Scope.FLEET, "*", Direction.IN), new Ceiling(null, (1 + random.nextInt(300)) * MIB));
        return new Ceilings(set);
    }

    private static double jain(List<Long> rates) {
        double sum = rates.stream().mapToDouble(rate -> rate).sum();
        double squares =
                rates.stream().mapToDouble(rate -> (double) rate * rate).sum();
        return sum * sum / (rates.size() * squares);
    }

    private static PacedVolume volume(
            String name, String source, String destination, long granted, long loose, boolean untouchable) {
        return new PacedVolume(
                new MigrationId(name),
                new VolumeId(name + "-data"),
                Link.path(new WorkerId(source), place(source), new WorkerId(destination), place(destination)),
                1,
                granted,
                loose,
                untouchable);
    }

    private static Location place(String worker) {
        int number = Math.floorMod(worker.hashCode(), 4);
        return new Location("eu", "z" + number / 2, "r" + number);
    }

    /** What specs say, and what hosts still do. */
    private static final class Fleet {
        private final Random random;
        private final Ceilings ceilings;
        private final Map<String, Rate> volumes = new LinkedHashMap<>();
        private int grants;

        Fleet(long seed, Ceilings ceilings) {
            this.random = new Random(seed);
            this.ceilings = ceilings;
        }

        private static final class Rate {
            final String source;
            final String destination;
            long granted;
            /** What the hosts keep to right now: any of what they were told since they last told what they took up. */
            long loose;

            boolean untouchable;

            Rate(String source, String destination) {
                this.source = source;
                this.destination = destination;
            }
        }

        void begin(String name, String source, String destination) {
            volumes.put(name, new Rate(source, destination));
        }

        Rate rate(String name) {
            return Objects.requireNonNull(volumes.get(name), name);
        }

        void end(String name) {
            volumes.remove(name);
        }

        List<PacedVolume> paced() {
            return volumes.entrySet().stream()
                    .map(entry -> {
                        Rate rate = entry.getValue();
                        return volume(
                                entry.getKey(),
                                rate.source,
                                rate.destination,
                                rate.granted,
                                Math.max(rate.granted, rate.loose),
                                rate.untouchable);
                    })
                    .toList();
        }

        /** One round; then some hosts have taken up what they were told. Answers how many rates changed. */
        int round() {
            List<Grant> changes = Pacing.next(paced(), ceilings);
            for (Grant grant : changes) {
                Rate rate = rate(grant.migration().value());
                assertThat(rate.untouchable).isFalse();
                rate.loose = Math.max(rate.loose, rate.granted);
                rate.granted = grant.bytesPerSecond();
            }
            grants += changes.size();
            assertNoCeilingExceeded();
            volumes.values().forEach(rate -> rate.loose = random.nextInt(3) == 0 ? rate.loose : 0);
            return changes.size();
        }

        void settle() {
            int rounds = 0;
            boolean all = false;
            while (!all) {
                boolean known = volumes.values().stream().allMatch(rate -> rate.loose == 0);
                all = round() == 0 && known;
                assertThat(rounds++).as("rounds until nothing changes").isLessThan(100);
            }
        }

        private void assertNoCeilingExceeded() {
            loads().forEach((link, load) -> {
                Long ceiling = ceilings.of(link).bytesPerSecond();
                if (ceiling != null) {
                    assertThat(load).as("%s", link).isLessThanOrEqualTo(ceiling);
                }
            });
        }

        private Map<Link, Long> loads() {
            Map<Link, Long> loads = new TreeMap<>();
            for (PacedVolume volume : paced()) {
                volume.path().forEach(link -> loads.merge(link, volume.loose(), Long::sum));
            }
            return loads;
        }

        /** Everybody has a link that is used, but for what is not worth a spec. */
        void assertWorkIsNotLeftWhereThereIsRoom() {
            Map<Link, Long> loads = loads();
            List<PacedVolume> idle = new ArrayList<>();
            for (PacedVolume volume : paced()) {
                boolean bound = volume.path().stream().anyMatch(link -> {
                    Long ceiling = ceilings.of(link).bytesPerSecond();
                    return ceiling != null && loads.getOrDefault(link, 0L) * COPIED >= 0.95 * ceiling;
                });
                if (!bound) {
                    idle.add(volume);
                }
            }
            assertThat(idle.stream()
                            .sorted(Comparator.comparing(PacedVolume::migration))
                            .collect(Collectors.toList()))
                    .isEmpty();
        }
    }
}
