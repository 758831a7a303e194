package io.sluice.agent.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.agent.api.FailureReport;
import io.sluice.agent.api.HostReport;
import io.sluice.agent.api.HostSpec;
import io.sluice.agent.api.IncomingGoal;
import io.sluice.agent.api.IncomingStage;
import io.sluice.agent.api.IncomingVolumeReport;
import io.sluice.agent.api.Outgoing;
import io.sluice.agent.api.OutgoingGoal;
import io.sluice.agent.api.RetiredCopy;
import io.sluice.agent.api.VolumeReport;
import io.sluice.agent.api.VolumeRole;
import io.sluice.agent.api.WorkerId;
import io.sluice.agent.api.WorkloadStatus;
import io.sluice.agent.testing.FakeFleet;
import io.sluice.agent.testing.FakeHost;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class HostAgentTest {
    private static final WorkerId A = new WorkerId("a");
    private static final WorkerId B = new WorkerId("b");

    private final RandomGenerator random = RandomGenerator.of("L64X128MixRandom");
    private final FakeFleet fleet = new FakeFleet();
    private final FakeHost source = fleet.addHost(A);
    private final FakeHost destination = fleet.addHost(B);
    private final Move move = Move.of("m1", 5);
    private Instant now = Instant.parse("2026-01-01T00:00:00Z");
    private HostAgent sourceAgent = source.startAgent(Runnable::run, random);
    private HostAgent destinationAgent = destination.startAgent(Runnable::run, random);
    private long generation;

    @BeforeEach
    void aRunningDatabase() {
        source.addPool(Move.POOL, 1 << 20);
        destination.addPool(Move.POOL, 1 << 20);
        source.addVolume(Move.V1, Move.POOL, 16);
        source.addWorkload(Move.DEFINITION, WorkloadStatus.STOPPED);
        sourceAgent.step(now);
        for (int block = 0; block < 8; block++) {
            assertThat(source.write(Move.DB, Move.V1, block, 100 + block)).isTrue();
        }
    }

    private HostReport source(OutgoingGoal goal) {
        return source(Move.spec(A, ++generation, move.outgoing(goal)));
    }

    private HostReport source(HostSpec spec) {
        sourceAgent.take(spec, now);
        sourceAgent.step(now);
        return sourceAgent.report(now);
    }

    private HostReport destination(IncomingGoal goal) {
        destinationAgent.take(Move.spec(B, ++generation, move.incoming(goal)), now);
        destinationAgent.step(now);
        return destinationAgent.report(now);
    }

    private void upToHydrated() {
        source(OutgoingGoal.OFFERED);
        destination(IncomingGoal.PREPARED);
        source(OutgoingGoal.FROZEN);
        destination(IncomingGoal.CLONED);
        destination(IncomingGoal.RUNNING);
        destination(IncomingGoal.HYDRATED);
    }

    private static VolumeReport volume(HostReport report) {
        return report.volumes().getFirst();
    }

    private static IncomingVolumeReport incoming(HostReport report) {
        return report.incoming().getFirst();
    }

    private static List<String> codes(HostReport report) {
        return report.failures().stream().map(FailureReport::code).toList();
    }

    @Test
    void aStoppedWorkloadIsStartedOnceWhenTheAgentComesUp() {
        assertThat(source.isRunning(Move.DB)).isTrue();
    }

    @Test
    void offeringLeavesTheWorkloadWriting() {
        HostReport report = source(OutgoingGoal.OFFERED);

        assertThat(report.exports())
                .singleElement()
                .satisfies(export -> assertThat(export.frozen()).isFalse());
        assertThat(source.write(Move.DB, Move.V1, 0, 1)).isTrue();
        assertThat(report.actionsPending()).isZero();
    }

    @Test
    void freezingHoldsStopsAndSetsReadOnly() {
        source(OutgoingGoal.OFFERED);
        HostReport report = source(OutgoingGoal.FROZEN);

        assertThat(report.workloads()).singleElement().satisfies(workload -> {
            assertThat(workload.status()).isEqualTo(WorkloadStatus.STOPPED);
            assertThat(workload.held()).isTrue();
        });
        assertThat(volume(report).role()).isEqualTo(VolumeRole.FROZEN);
        assertThat(volume(report).writable()).isFalse();
        assertThat(report.exports().getFirst().frozen()).isTrue();
        assertThat(report.actionsPending()).isZero();
    }

    @Test
    void aFrozenWorkloadStaysDownThroughAReboot() {
        source(OutgoingGoal.FROZEN);
        source.reboot();
        sourceAgent = source.startAgent(Runnable::run, random);
        sourceAgent.step(now);

        assertThat(source.isRunning(Move.DB)).isFalse();
        assertThat(source.openExports()).isEqualTo(1);
    }

    @Test
    void theWorkloadStartsOnTheCloneBeforeAnythingIsCopied() {
        source(OutgoingGoal.OFFERED);
        assertThat(incoming(destination(IncomingGoal.PREPARED)).stage()).isEqualTo(IncomingStage.ATTACHED);
        source(OutgoingGoal.FROZEN);
        assertThat(incoming(destination(IncomingGoal.CLONED)).stage()).isEqualTo(IncomingStage.CLONED);
        assertThat(destination.isRunning(Move.DB)).isFalse();

        HostReport running = destination(IncomingGoal.RUNNING);

        assertThat(volume(running).role()).isEqualTo(VolumeRole.OWNED);
        assertThat(volume(running).epoch()).isEqualTo(5);
        assertThat(running.workloads().getFirst().status()).isEqualTo(WorkloadStatus.RUNNING);
        assertThat(destination.read(Move.DB, Move.V1, 3)).isEqualTo(103L);
        assertThat(Objects.requireNonNull(incoming(running).hydration()).running())
                .isFalse();
    }

    @Test
    void aSettledVolumeNeedsItsSourceNoMore() {
        upToHydrated();
        assertThat(destination.write(Move.DB, Move.V1, 2, 999)).isTrue();
        while (destination.hydrateStep() > 0) {
            destinationAgent.step(now);
        }
        HostReport settled = destination(IncomingGoal.SETTLED);

        assertThat(incoming(settled).stage()).isEqualTo(IncomingStage.LINEAR);
        assertThat(incoming(settled).attachment()).isNull();
        assertThat(incoming(settled).verification()).isNotNull();
        assertThat(settled.actionsPending()).isZero();
        HostReport released = source(OutgoingGoal.RELEASED);
        assertThat(released.exports()).isEmpty();
        assertThat(released.workloads()).isEmpty();
        assertThat(volume(released).role()).isEqualTo(VolumeRole.RETIRED);
        assertThat(destination.read(Move.DB, Move.V1, 2)).isEqualTo(999L);
        assertThat(destination.read(Move.DB, Move.V1, 3)).isEqualTo(103L);
    }

    @Test
    void aRetiredCopyIsDeletedWhenItsTimeIsOverAndNotBefore() {
        source(Move.spec(A, ++generation, move.outgoing(OutgoingGoal.RELEASED, 60)));
        HostAgent.Step step = sourceAgent.step(now);
        assertThat(step.due()).isEqualTo(now.plusSeconds(60));

        now = now.plusSeconds(59);
        sourceAgent.step(now);
        assertThat(sourceAgent.report(now).volumes()).hasSize(1);
        now = now.plusSeconds(1);
        sourceAgent.step(now);
        assertThat(sourceAgent.report(now).volumes()).isEmpty();
    }

    @Test
    void theDestinationGoesOnAfterACrashInMidHydration() {
        upToHydrated();
        destination.hydrateStep();
        destination.write(Move.DB, Move.V1, 5, 555);
        destination.reboot();
        assertThat(destination.read(Move.DB, Move.V1, 5)).isNull();

        destinationAgent = destination.startAgent(Runnable::run, random);
        destinationAgent.step(now);

        assertThat(destination.read(Move.DB, Move.V1, 5)).isEqualTo(555L);
        assertThat(destination.read(Move.DB, Move.V1, 7)).isEqualTo(107L);
        assertThat(destination.hydrateStep()).isEqualTo(1);
    }

    @Test
    void anAbortedMigrationLeavesTheSourceRunningAndNothingBehind() {
        source(OutgoingGoal.OFFERED);
        destination(IncomingGoal.PREPARED);
        source(OutgoingGoal.FROZEN);
        destination(IncomingGoal.CLONED);

        HostReport discarded = destination(IncomingGoal.DISCARDED);
        HostReport restored = source(OutgoingGoal.RESTORED);

        assertThat(discarded.volumes()).isEmpty();
        assertThat(discarded.incoming()).isEmpty();
        assertThat(destination.clonesLeft()).isZero();
        assertThat(restored.exports()).isEmpty();
        assertThat(restored.workloads().getFirst().status()).isEqualTo(WorkloadStatus.RUNNING);
        assertThat(restored.workloads().getFirst().held()).isFalse();
        assertThat(source.write(Move.DB, Move.V1, 0, 2)).isTrue();
    }

    @Test
    void aWorkloadThatDidNotRunBeforeIsNotStartedByAnAbort() {
        source.stopByHand(Move.DB);
        source(OutgoingGoal.FROZEN);
        source(OutgoingGoal.RESTORED);

        assertThat(source.isRunning(Move.DB)).isFalse();
    }

    @ParameterizedTest
    @EnumSource(
            value = OutgoingGoal.class,
            names = {"RELEASED", "RESTORED"})
    void ofAnOlderEpochThatIsOverOnlyWhatItServesIsClosed(OutgoingGoal over) {
        Move older = Move.of("m0", 4);
        source(Move.spec(A, ++generation, older.outgoing(OutgoingGoal.OFFERED)));
        HostReport both = source(Move.spec(A, ++generation, older.outgoing(over), move.outgoing(OutgoingGoal.OFFERED)));

        assertThat(codes(both)).isEmpty();
        assertThat(both.exports())
                .singleElement()
                .satisfies(export -> assertThat(export.migration()).isEqualTo(move.migration()));
        assertThat(both.workloads().getFirst().status()).isEqualTo(WorkloadStatus.RUNNING);
    }

    @Test
    void anOlderEpochIsIgnoredAndReported() {
        source(OutgoingGoal.OFFERED);
        HostReport report = source(Move.spec(A, ++generation, Move.of("m0", 4).outgoing(OutgoingGoal.FROZEN)));

        assertThat(codes(report)).containsExactly("STALE_EPOCH");
        assertThat(source.isRunning(Move.DB)).isTrue();
    }

    @Test
    void aLowerGenerationIsRefusedAndTheSameWithOtherContentReported() {
        source(Move.spec(A, 7, move.outgoing(OutgoingGoal.OFFERED)));
        assertThat(sourceAgent.take(Move.spec(A, 6, move.outgoing(OutgoingGoal.FROZEN)), now))
                .isEqualTo(HostAgent.Taken.OLDER);
        assertThat(sourceAgent.take(Move.spec(A, 7, move.outgoing(OutgoingGoal.FROZEN)), now))
                .isEqualTo(HostAgent.Taken.CONFLICT);
        sourceAgent.step(now);

        assertThat(codes(sourceAgent.report(now))).containsExactly("SPEC_CHANGED_WITHOUT_GENERATION");
        assertThat(source.isRunning(Move.DB)).isTrue();
    }

    @Test
    void aDestinationWithAnOwnedCopyRefusesAndKeepsIt() {
        destination.addVolume(Move.V1, Move.POOL, 16);
        HostReport prepared = destination(IncomingGoal.PREPARED);
        assertThat(codes(prepared)).containsExactly("VOLUME_EXISTS");

        HostReport discarded = destination(IncomingGoal.DISCARDED);
        assertThat(discarded.volumes()).hasSize(1);
    }

    @Test
    void anUnreachableSourceIsTriedAgainWithGrowingPauses() {
        HostReport first = destination(IncomingGoal.PREPARED);
        assertThat(codes(first)).containsExactly("SOURCE_UNREACHABLE");
        Instant due = Objects.requireNonNull(destinationAgent.step(now).due());
        assertThat(due).isBeforeOrEqualTo(now.plus(Failures.FIRST_RETRY));

        source(OutgoingGoal.OFFERED);
        assertThat(destinationAgent.step(now).started()).isZero();
        now = due;
        assertThat(destinationAgent.step(now).started()).isEqualTo(1);
        assertThat(codes(destinationAgent.report(now))).isEmpty();
    }

    @Test
    void aFullPoolIsReportedAsCapacity() {
        FakeHost small = fleet.addHost(new WorkerId("c"));
        small.addPool(Move.POOL, 4096);
        HostAgent agent = small.startAgent(Runnable::run, random);
        agent.take(new HostSpec(small.worker(), 1, List.of(), List.of(move.incoming(IncomingGoal.PREPARED))), now);
        agent.step(now);

        assertThat(codes(agent.report(now))).containsExactly("POOL_FULL");
    }

    @Test
    void aSlowActionOfOneMigrationDoesNotHoldUpAnother() {
        Queue<Runnable> waiting = new ArrayDeque<>();
        HostAgent agent = source.startAgent(waiting::add, random);
        HostSpec both = new HostSpec(
                A,
                1,
                List.of(move.outgoing(OutgoingGoal.FROZEN)),
                List.of(Move.of("m2", 9).incomingVolume("v2", IncomingGoal.PREPARED)));
        agent.take(both, now);

        assertThat(agent.step(now).started()).isEqualTo(2);
        assertThat(agent.step(now).started()).isZero();
        waiting.forEach(Runnable::run);
        assertThat(agent.step(now).started()).isEqualTo(2);
    }

    @Test
    void aVolumeComesBackWhileItsRetiredCopyIsStillKept() {
        upToHydrated();
        while (destination.hydrateStep() > 0) {
            destinationAgent.step(now);
        }
        destination(IncomingGoal.SETTLED);
        source(OutgoingGoal.RELEASED);
        Move back = Move.of("m2", 6);
        destinationAgent.take(Move.spec(B, ++generation, back.outgoing(OutgoingGoal.OFFERED)), now);
        destinationAgent.step(now);
        sourceAgent.take(Move.spec(A, ++generation, back.incoming(IncomingGoal.PREPARED)), now);
        sourceAgent.step(now);
        HostReport report = sourceAgent.report(now);

        assertThat(incoming(report).stage()).isEqualTo(IncomingStage.ATTACHED);
        assertThat(volume(report).role()).isEqualTo(VolumeRole.INCOMING);
        now = now.plus(Duration.ofHours(2));
        sourceAgent.step(now);
        assertThat(sourceAgent.report(now).pools().getFirst().committedBytes()).isEqualTo(Move.SIZE);
    }

    private HostReport deleting(long epoch) {
        return source(new HostSpec(A, ++generation, List.of(), List.of(), List.of(new RetiredCopy(Move.V1, epoch))));
    }

    private HostReport released() {
        upToHydrated();
        while (destination.hydrateStep() > 0) {
            destinationAgent.step(now);
        }
        destination(IncomingGoal.SETTLED);
        return source(Move.spec(A, ++generation, move.outgoing(OutgoingGoal.RELEASED, Outgoing.UNTIL_TOLD_SECONDS)));
    }

    @Test
    void whatCannotBeReadIsNotToldAsDeletedAndIsDeletedOnceItCan() {
        long epoch = volume(released()).epoch();
        source.hideRetiredCopies(true);

        assertThat(deleting(epoch).retired()).as("unknown, not none").isNull();
        assertThat(source.copies()).hasSize(1);

        source.hideRetiredCopies(false);
        sourceAgent.step(now);
        assertThat(sourceAgent.report(now).retired()).isEmpty();
        assertThat(source.copies()).isEmpty();
    }

    @Test
    void aRetiredCopyIsKeptUntilItsDeletionIsAskedForByItsEpoch() {
        HostReport released = released();
        long epoch = volume(released).epoch();
        assertThat(released.retired()).hasSize(1);
        assertThat(volume(released).deletesInSeconds()).isNull();

        now = now.plus(Duration.ofDays(10_000));
        assertThat(deleting(epoch + 1).retired()).hasSize(1);

        HostReport gone = deleting(epoch);
        assertThat(gone.retired()).isEmpty();
        assertThat(gone.volumes()).isEmpty();
    }

    @Test
    void whatIsNotRetiredIsNeverDeletedForBeingNamed() {
        HostReport owned = deleting(0);

        assertThat(volume(owned).role()).isEqualTo(VolumeRole.OWNED);
        assertThat(source.isRunning(Move.DB)).isTrue();
    }
}
