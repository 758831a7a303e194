package io.sluice.orchestrator.plan;

import static io.sluice.orchestrator.plan.BandwidthAllocator.UNLIMITED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.orchestrator.plan.BandwidthAllocator.Flow;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Known shares, and what must hold of every allocation, on networks from seeds. */
class BandwidthAllocatorTest {
    private static final int SEEDS = 500;

    /** What rounding may cost a flow: less than a byte for each that shares its bottleneck. */
    private static final long ROUNDING = 64;

    @Test
    void equalsGetEqualPartsOfOneLinkDownToTheByte() {
        List<Long> rates = BandwidthAllocator.share(
                List.of(flow(1, UNLIMITED, "a"), flow(1, UNLIMITED, "a"), flow(1, UNLIMITED, "a")), Map.of("a", 100L));

        assertThat(rates).containsExactly(34L, 33L, 33L);
    }

    @Test
    void whatANarrowLinkHoldsBackGoesToTheOthers() {
        List<Long> rates = BandwidthAllocator.share(
                List.of(flow(1, UNLIMITED, "wide"), flow(1, UNLIMITED, "wide", "narrow"), flow(1, 10, "wide")),
                Map.of("wide", 100L, "narrow", 20L));

        assertThat(rates).containsExactly(70L, 20L, 10L);
    }

    @Test
    void twiceTheWeightIsTwiceTheRate() {
        assertThat(BandwidthAllocator.share(
                        List.of(flow(2, UNLIMITED, "a"), flow(1, UNLIMITED, "a")), Map.of("a", 300L)))
                .containsExactly(200L, 100L);
    }

    @Test
    void withoutACeilingNothingHoldsAFlowBackButItsDemand() {
        assertThat(BandwidthAllocator.share(
                        List.of(flow(1, UNLIMITED, "free"), flow(1, 5, "free"), flow(1, UNLIMITED, "shut")),
                        Map.of("shut", 0L)))
                .containsExactly(UNLIMITED, 5L, 0L);
    }

    @Test
    void theLargestNumbersDoNotOverflow() {
        List<Flow<String>> flows = Collections.nCopies(1000, flow(BandwidthAllocator.MAX_WEIGHT, UNLIMITED, "a"));

        List<Long> rates = BandwidthAllocator.share(flows, Map.of("a", Long.MAX_VALUE));

        assertThat(rates.stream().mapToLong(Long::longValue).sum()).isEqualTo(Long.MAX_VALUE);
        assertThat(Collections.max(rates) - Collections.min(rates)).isLessThanOrEqualTo(1000);
    }

    @Test
    void aFlowWithoutWeightOrWithANegativeDemandIsRefused() {
        assertThatThrownBy(() -> flow(0, UNLIMITED, "a")).hasMessageContaining("weight");
        assertThatThrownBy(() -> flow(1, -1, "a")).hasMessageContaining("demand");
    }

    @Test
    void noCeilingIsExceededByAByteAndNoDemandEither() {
        seeds().forEach(network -> {
            List<Long> rates = network.rates();
            network.ceilings.forEach((link, ceiling) -> assertThat(network.load(link, rates))
                    .as("seed %d, link %d", network.seed, link)
                    .isLessThanOrEqualTo(ceiling));
            for (int i = 0; i < rates.size(); i++) {
                assertThat(rates.get(i)).isBetween(0L, network.flows.get(i).demandBytesPerSecond());
            }
        });
    }

    /** This is what max-min fair means, and it also says that no link stands idle while one of its flows wants more. */
    @Test
    void everyFlowHasItsDemandOrAFullLinkOnWhichNobodyHasMoreForItsWeight() {
        seeds().forEach(network -> {
            List<Long> rates = network.rates();
            for (int i = 0; i < rates.size(); i++) {
                int flow = i;
                boolean content = rates.get(i) == network.flows.get(i).demandBytesPerSecond();
                boolean bottleneck = network.flows.get(i).links().stream()
                        .filter(network.ceilings::containsKey)
                        .anyMatch(link -> network.isFull(link, rates) && network.isLargestShare(flow, link, rates));
                assertThat(content || bottleneck)
                        .as("seed %d, flow %d of %s at %s", network.seed, i, network.flows, rates)
                        .isTrue();
            }
        });
    }

    @Test
    void amongEqualsJainsIndexIsAtLeast95PercentAndTheBindingCeilingIsUsed() {
        seeds().forEach(network -> {
            long ceiling = 1_000_000 + network.seed;
            int count = 2 + (int) (network.seed % 40);
            List<Long> rates =
                    BandwidthAllocator.share(Collections.nCopies(count, flow(1, UNLIMITED, "a")), Map.of("a", ceiling));
            assertThat(jain(rates)).isGreaterThanOrEqualTo(0.95);
            assertThat(rates.stream().mapToLong(Long::longValue).sum()).isEqualTo(ceiling);
        });
    }

    @Test
    void moreWeightNeverMeansLess() {
        seeds().forEach(network -> {
            List<Long> before = network.rates();
            int chosen = network.random.nextInt(network.flows.size());
            List<Long> after = network.heavier(chosen).rates();
            assertThat(after.get(chosen))
                    .as("seed %d, flow %d", network.seed, chosen)
                    .isGreaterThanOrEqualTo(before.get(chosen) - ROUNDING);
        });
    }

    @Test
    void theSameFlowsGetTheSameBytes() {
        seeds().forEach(network -> assertThat(network.rates()).isEqualTo(network.rates()));
    }

    /** Not a benchmark: quadratic work would take a hundred times as long. */
    @Test
    void aThousandFlowsOverTenThousandLinksAreSharedWhileARequestWaits() {
        Network network = new Network(7, 1000, 10_000, 10);

        long began = System.nanoTime();
        network.rates();

        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(2));
    }

    static double jain(List<Long> rates) {
        double sum = rates.stream().mapToDouble(Long::doubleValue).sum();
        double squares =
                rates.stream().mapToDouble(rate -> (double) rate * rate).sum();
        return squares == 0 ? 1 : sum * sum / (rates.size() * squares);
    }

    private static Flow<String> flow(int weight, long demand, String... links) {
        return new Flow<>(new LinkedHashSet<>(List.of(links)), weight, demand);
    }

    private static List<Network> seeds() {
        return LongStream.rangeClosed(1, SEEDS)
                .mapToObj(seed -> new Network(seed, 1 + (int) (seed % 40), 1 + (int) (seed % 17), 4))
                .toList();
    }

    /** Flows over random links, a third of them with a demand, some links without a ceiling. */
    private static final class Network {
        final long seed;
        final Random random;
        final List<Flow<Integer>> flows;
        final Map<Integer, Long> ceilings;

        Network(long seed, int flowCount, int links, int pathLength) {
            this.seed = seed;
            this.random = new Random(seed);
            this.ceilings = new HashMap<>();
            IntStream.range(0, links)
                    .filter(link -> random.nextInt(8) != 0)
                    .forEach(link -> ceilings.put(link, 1L + random.nextLong(1L << (10 + random.nextInt(30)))));
            this.flows = new ArrayList<>();
            for (int i = 0; i < flowCount; i++) {
                Set<Integer> path = new LinkedHashSet<>();
                for (int j = 0; j <= random.nextInt(pathLength); j++) {
                    path.add(random.nextInt(links));
                }
                long demand = random.nextInt(3) == 0 ? random.nextLong(1L << 30) : UNLIMITED;
                flows.add(new Flow<>(path, 1 + random.nextInt(4), demand));
            }
        }

        private Network(Network like, List<Flow<Integer>> flows) {
            this.seed = like.seed;
            this.random = like.random;
            this.ceilings = like.ceilings;
            this.flows = flows;
        }

        Network heavier(int chosen) {
            List<Flow<Integer>> changed = new ArrayList<>(flows);
            Flow<Integer> flow = flows.get(chosen);
            changed.set(
                    chosen,
                    new Flow<>(flow.links(), flow.weight() + 1 + random.nextInt(5), flow.demandBytesPerSecond()));
            return new Network(this, changed);
        }

        List<Long> rates() {
            return BandwidthAllocator.share(flows, ceilings);
        }

        long load(int link, List<Long> rates) {
            return IntStream.range(0, flows.size())
                    .filter(i -> flows.get(i).links().contains(link))
                    .mapToLong(rates::get)
                    .sum();
        }

        /** But for what rounding left, where the rest of the path has no room for it. */
        boolean isFull(int link, List<Long> rates) {
            Long ceiling = ceilings.get(link);
            return ceiling != null && ceiling - load(link, rates) < flows.size();
        }

        boolean isLargestShare(int flow, int link, List<Long> rates) {
            double own = (double) (rates.get(flow) + ROUNDING) / flows.get(flow).weight();
            return IntStream.range(0, flows.size())
                    .filter(i -> flows.get(i).links().contains(link))
                    .allMatch(i -> (double) rates.get(i) / flows.get(i).weight() <= own);
        }
    }
}
