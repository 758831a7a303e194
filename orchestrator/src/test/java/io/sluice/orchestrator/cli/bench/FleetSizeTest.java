package io.sluice.orchestrator.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class FleetSizeTest {
    private static final FleetSize LARGE = new FleetSize(10_000, 100_000, 1000, 1000);

    @Test
    void givesEveryVolumeToAWorkerAndTheLargestShareToTheFirst() {
        assertThat(LARGE.volumesOfEach()).hasSize(10_000).first().isEqualTo(1000);
        assertThat(LARGE.volumesOfEach().stream().mapToInt(Integer::intValue).sum())
                .isEqualTo(100_000);
        assertThat(LARGE.volumesOfEach().subList(1, 10_000)).allMatch(count -> count == 9 || count == 10);
    }

    @Test
    void aTenthHasATenthOfTheWorkersEachAsLargeAndTheSameLargestOne() {
        FleetSize tenth = LARGE.tenth();

        assertThat(tenth.workers()).isEqualTo(1000);
        assertThat(tenth.largest()).isEqualTo(1000);
        assertThat(tenth.volumesOfOne()).isEqualTo(LARGE.volumesOfOne());
        assertThat(tenth.migrations()).isEqualTo(1000);
    }

    @Test
    void saysWhyAFleetCannotBe() {
        assertThatThrownBy(() -> new FleetSize(10_000, 5000, 1000, 10))
                .isInstanceOf(BenchFailure.class)
                .hasMessageContaining("4000 are left for the other 9999 workers");
        assertThatThrownBy(() -> new FleetSize(100, 2000, 1000, 5000))
                .isInstanceOf(BenchFailure.class)
                .hasMessageContaining("1 to 500");
    }

    @Test
    void quantilesAreThoseThatAShareDoesNotExceed() {
        Latencies latencies = new Latencies();
        for (int millis = 1; millis <= 2000; millis++) {
            latencies.add(millis * 1_000_000L);
        }

        assertThat(latencies.quantiles()).isEqualTo(new Latencies.Quantiles(1000.0, 1980.0, 2000));
    }
}
