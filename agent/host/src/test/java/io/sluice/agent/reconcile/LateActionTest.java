package io.sluice.agent.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.agent.api.HostReport;
import io.sluice.agent.api.HostSpec;
import io.sluice.agent.api.OutgoingGoal;
import io.sluice.agent.api.VolumeRole;
import io.sluice.agent.api.WorkerId;
import io.sluice.agent.api.WorkloadReport;
import io.sluice.agent.api.WorkloadStatus;
import io.sluice.agent.testing.FakeFleet;
import io.sluice.agent.testing.FakeHost;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Actions that end after what they were begun for: the spec has moved on, or the host was rebooted in between. */
class LateActionTest {
    private static final WorkerId A = new WorkerId("a");

    private final RandomGenerator random = RandomGenerator.of("L64X128MixRandom");
    private final FakeHost host = new FakeFleet().addHost(A);
    private final Queue<Runnable> waiting = new ArrayDeque<>();
    private final Instant now = Instant.parse("2026-01-01T00:00:00Z");
    private final Move move = Move.of("m1", 5);
    private HostAgent agent = host.startAgent(waiting::add, random);

    @BeforeEach
    void aRunningDatabase() {
        host.addPool(Move.POOL, 1 << 20);
        host.addVolume(Move.V1, Move.POOL, 16);
        host.addWorkload(Move.DEFINITION, WorkloadStatus.RUNNING);
        goOn();
    }

    /** Lets everything run that can. */
    private void goOn() {
        while (agent.step(now).started() > 0 || !waiting.isEmpty()) {
            runOne();
        }
    }

    private void runOne() {
        Runnable first = waiting.poll();
        if (first != null) {
            first.run();
        }
    }

    private void take(long generation, Move part, OutgoingGoal goal) {
        agent.take(Move.spec(A, generation, part.outgoing(goal)), now);
        agent.step(now);
    }

    /** As many actions as that, one after the other; the next one is begun and left running. */
    private void runUntilOneIsLeft(int actions) {
        for (int i = 0; i < actions; i++) {
            runOne();
            agent.step(now);
        }
        assertThat(waiting).hasSize(1);
    }

    @Test
    void whatAnEndedMigrationBeganIsOverBeforeTheNextOneOfTheSameCargoBegins() {
        take(1, move, OutgoingGoal.OFFERED);
        assertThat(waiting)
                .as("the fence of the first migration, on a slow disk")
                .hasSize(1);
        agent.take(new HostSpec(A, 2, List.of(), List.of()), now);
        take(3, Move.of("m2", 6), OutgoingGoal.FROZEN);

        assertThat(waiting).as("actions that run at once").hasSize(1);
        goOn();

        assertThat(host.isWritable(Move.V1)).isFalse();
        assertThat(agent.report(now).volumes().getFirst().role()).isEqualTo(VolumeRole.FROZEN);
    }

    @Test
    void aWorkloadThatIsJustBeingHeldIsNotBackYet() {
        take(1, move, OutgoingGoal.OFFERED);
        goOn();
        take(2, move, OutgoingGoal.FROZEN);
        take(3, move, OutgoingGoal.RESTORED);

        WorkloadReport seen = agent.report(now).workloads().getFirst();
        assertThat(seen.held()).isTrue();
        assertThat(seen.status()).isEqualTo(WorkloadStatus.UNKNOWN);

        goOn();
        assertThat(agent.report(now).workloads().getFirst().held()).isFalse();
        assertThat(host.isRunning(Move.DB)).isTrue();
    }

    @Test
    void aWorkloadThatIsJustBeingStoppedIsNotRunningForGood() {
        take(1, move, OutgoingGoal.OFFERED);
        goOn();
        take(2, move, OutgoingGoal.FROZEN);
        runUntilOneIsLeft(1);
        take(3, move, OutgoingGoal.RESTORED);

        assertThat(agent.report(now).workloads().getFirst().status()).isEqualTo(WorkloadStatus.UNKNOWN);
    }

    @Test
    void aVolumeThatIsJustBeingFrozenIsNeitherOwnedNorFrozen() {
        take(1, move, OutgoingGoal.OFFERED);
        goOn();
        take(2, move, OutgoingGoal.FROZEN);
        // held, stopped, its disk withdrawn
        runUntilOneIsLeft(3);

        HostReport report = agent.report(now);

        assertThat(report.volumes().getFirst().role()).isEqualTo(VolumeRole.FROZEN);
        assertThat(report.volumes().getFirst().writable()).isTrue();
    }

    @Test
    void aRebootJustBeforeTheHoldDoesNotMakeTheWorkloadOneThatDidNotRun() {
        take(1, move, OutgoingGoal.OFFERED);
        goOn();
        agent.take(Move.spec(A, 2, move.outgoing(OutgoingGoal.FROZEN)), now);
        host.reboot();
        waiting.clear();
        agent = host.startAgent(waiting::add, random);
        goOn();
        assertThat(host.isRunning(Move.DB)).isFalse();

        take(3, move, OutgoingGoal.RESTORED);
        goOn();

        assertThat(host.isRunning(Move.DB)).isTrue();
    }
}
