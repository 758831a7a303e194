package io.sluice.orchestrator.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.orchestrator.database.TestDatabase;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two replicas and one chore. Time is the database's: leases are made to pass by moving what is written of them. */
class LeasesTest {
    private StoredFleet fleet;
    private Leases one;
    private Leases other;

    @BeforeEach
    void twoReplicas() {
        fleet = new StoredFleet(TestDatabase.empty("leases"));
        one = fleet.leases(Duration.ofHours(1));
        other = fleet.leases(Duration.ofHours(1));
    }

    private void pass(Duration time) {
        fleet.sql
                .sql("update lease set held_until = held_until - make_interval(secs => ?)")
                .param(time.toSeconds())
                .update();
    }

    @Test
    void theFirstKeepsItWithEachSignAndTheOtherGetsItOnceItHasPassed() {
        assertThat(one.take("drains")).isTrue();
        assertThat(other.take("drains")).isFalse();
        pass(Duration.ofMinutes(50));
        assertThat(one.take("drains")).as("renewed").isTrue();
        pass(Duration.ofMinutes(50));
        assertThat(other.take("drains")).isFalse();

        pass(Duration.ofMinutes(11));
        assertThat(other.take("drains")).isTrue();
        assertThat(one.take("drains")).as("woken, but too late").isFalse();
    }

    @Test
    void oneThatStopsGivesUpItsOwnAlone() {
        assertThat(one.take("drains")).isTrue();
        assertThat(other.take("rates")).isTrue();

        one.release();

        assertThat(other.take("drains")).isTrue();
        assertThat(one.take("rates")).isFalse();
    }
}
