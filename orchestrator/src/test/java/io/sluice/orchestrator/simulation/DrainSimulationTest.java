package io.sluice.orchestrator.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import io.sluice.agent.api.HostReport;
import io.sluice.orchestrator.fleet.Sighting;
import io.sluice.orchestrator.migration.HostSpecs;
import io.sluice.orchestrator.migration.Migration;
import io.sluice.orchestrator.migration.MigrationState;
import io.sluice.orchestrator.migration.Position;
import io.sluice.orchestrator.migration.Situation;
import java.util.List;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** Many short lives of a fleet. {@code -Dsluice.seed=N} runs one of them again. */
class DrainSimulationTest {
    private static final long SEEDS = 150;
    private static final Logger AGENTS = (Logger) LoggerFactory.getLogger("io.sluice.agent");

    /** Each life has hundreds of actions, and their log lines would be all there is to see. */
    @BeforeAll
    static void quiet() {
        AGENTS.setLevel(Level.OFF);
    }

    @AfterAll
    static void loudAgain() {
        AGENTS.setLevel(null);
    }

    @Test
    void everyInvariantHoldsAfterEveryEventAndEveryDrainEndsOrNamesItsReason() {
        Long only = Long.getLong("sluice.seed");
        LongStream seeds = only == null ? LongStream.rangeClosed(1, SEEDS) : LongStream.of(only);
        seeds.forEach(seed -> {
            try {
                new Simulation(seed, Flaw.NONE).run();
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError(
                        "seed " + seed + ": " + e.getMessage() + "\nreplay: ./mvnw -q test -pl orchestrator -am"
                                + " -Dtest=DrainSimulationTest -Dsurefire.failIfNoSpecifiedTests=false -Dsluice.seed="
                                + seed,
                        e);
            }
        });
    }

    @Test
    void anOrchestratorThatBelievesReportsOfThePastIsCaught() {
        assertCaught(new Flaw() {
            @Override
            public Situation shown(Situation it) {
                return new Situation(
                        it.migration(),
                        it.now(),
                        upToDate(it.source()),
                        upToDate(it.destination()),
                        it.generations(),
                        it.destinationOpen(),
                        it.others(),
                        it.limits());
            }
        });
    }

    @Test
    void anOrchestratorThatClosesExportsBeforeHydrationIsWholeIsCaught() {
        assertCaught(toldAs(MigrationState.ForwardOnly.HYDRATING, MigrationState.ForwardOnly.RELEASING));
    }

    @Test
    void anOrchestratorThatStartsTheWorkloadBeforeItCommittedToItIsCaught() {
        assertCaught(toldAs(MigrationState.Reversible.CLONING, MigrationState.ForwardOnly.STARTING));
    }

    @Test
    void aStoreThatDoesNotCompareVersionsIsCaught() {
        assertCaught(new Flaw() {
            @Override
            public boolean compares() {
                return false;
            }
        });
    }

    @Test
    void anOrchestratorThatForgetsOtherMigrationsIsCaught() {
        assertCaught(new Flaw() {
            @Override
            public Situation shown(Situation it) {
                return new Situation(
                        it.migration(),
                        it.now(),
                        it.source(),
                        it.destination(),
                        it.generations(),
                        it.destinationOpen(),
                        List.of(),
                        it.limits());
            }
        });
    }

    /** Some seed must stumble over it, or the simulation could not tell right from wrong. */
    private static void assertCaught(Flaw flaw) {
        boolean caught = LongStream.rangeClosed(1, SEEDS).anyMatch(seed -> {
            try {
                new Simulation(seed, flaw).run();
                return false;
            } catch (AssertionError expected) {
                return true;
            }
        });
        assertThat(caught).as("some of %d seeds trips over the flaw", SEEDS).isTrue();
    }

    private static Flaw toldAs(MigrationState state, MigrationState instead) {
        return new Flaw() {
            @Override
            public HostSpecs.Part told(HostSpecs.Part part) {
                Migration migration = part.migration();
                Position at = migration.position();
                if (migration.state() != state) {
                    return part;
                }
                Position shown = new Position(
                        instead,
                        at.version(),
                        at.since(),
                        at.deadline(),
                        at.generations(),
                        at.cause(),
                        at.reason(),
                        at.reasonSince());
                return new HostSpecs.Part(migration.with(shown), part.terms());
            }
        };
    }

    private static @Nullable Sighting upToDate(@Nullable Sighting sighting) {
        if (sighting == null) {
            return null;
        }
        HostReport report = sighting.report();
        HostReport claimed = new HostReport(
                report.worker(),
                report.incarnation(),
                report.sequence(),
                Long.MAX_VALUE,
                report.bootId(),
                report.actionsPending(),
                report.pools(),
                report.volumes(),
                report.workloads(),
                report.exports(),
                report.incoming(),
                report.failures());
        return new Sighting(claimed, sighting.at());
    }
}
