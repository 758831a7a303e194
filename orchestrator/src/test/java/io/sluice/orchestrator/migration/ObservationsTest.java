package io.sluice.orchestrator.migration;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.agent.api.AttachmentFailure;
import io.sluice.agent.api.AttachmentReport;
import io.sluice.agent.api.CloneEngine;
import io.sluice.agent.api.ExportReport;
import io.sluice.agent.api.FailureKind;
import io.sluice.agent.api.FailureReport;
import io.sluice.agent.api.HostReport;
import io.sluice.agent.api.HydrationReport;
import io.sluice.agent.api.IncomingStage;
import io.sluice.agent.api.IncomingVolumeReport;
import io.sluice.agent.api.MigrationId;
import io.sluice.agent.api.MissingBytes;
import io.sluice.agent.api.Portal;
import io.sluice.agent.api.VerificationReport;
import io.sluice.agent.api.VolumeReport;
import io.sluice.agent.api.VolumeRole;
import io.sluice.agent.api.WorkerId;
import io.sluice.agent.api.WorkloadReport;
import io.sluice.agent.api.WorkloadStatus;
import io.sluice.orchestrator.fleet.Sighting;
import io.sluice.orchestrator.migration.MigrationState.ForwardOnly;
import io.sluice.orchestrator.migration.MigrationState.Reversible;
import io.sluice.orchestrator.migration.Observation.Contact;
import io.sluice.orchestrator.reason.Reason;
import io.sluice.orchestrator.reason.ReasonCode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ObservationsTest {
    private static final Instant NOW = Instant.parse("2030-01-01T00:00:00Z");

    /** Builds one host's report, fact by fact. */
    private static final class Report {
        private final WorkerId worker;
        private final long generation;
        private final List<VolumeReport> volumes = new ArrayList<>();
        private final List<WorkloadReport> workloads = new ArrayList<>();
        private final List<ExportReport> exports = new ArrayList<>();
        private final List<IncomingVolumeReport> incoming = new ArrayList<>();
        private final List<FailureReport> failures = new ArrayList<>();

        Report(WorkerId worker, long generation) {
            this.worker = worker;
            this.generation = generation;
        }

        Report volume(VolumeRole role, boolean writable, long epoch) {
            volumes.add(new VolumeReport(
                    Migrations.V1, Migrations.POOL, Migrations.SIZE, 512, null, epoch, role, writable, null));
            return this;
        }

        Report workload(WorkloadStatus status, boolean held) {
            workloads.add(new WorkloadReport(Migrations.db(null), status, 2, held));
            return this;
        }

        Report export(boolean frozen) {
            exports.add(new ExportReport(Migrations.ID, Migrations.V1, "iqn.x", frozen, 0, 0));
            return this;
        }

        Report incoming(
                IncomingStage stage,
                long epoch,
                @Nullable HydrationReport hydration,
                @Nullable VerificationReport verified) {
            AttachmentReport attachment = stage == IncomingStage.LINEAR
                    ? null
                    : new AttachmentReport("iqn.x", new Portal("127.0.0.1", 3260), true, 1);
            incoming.add(new IncomingVolumeReport(
                    Migrations.ID, Migrations.V1, epoch, stage, attachment, hydration, verified));
            return this;
        }

        /** Its clone device is up and the session with the source is gone. */
        Report cutOff(HydrationReport hydration) {
            return cutOff(hydration, null);
        }

        Report cutOff(HydrationReport hydration, @Nullable AttachmentFailure why) {
            AttachmentReport attachment = new AttachmentReport("iqn.x", new Portal("127.0.0.1", 3260), false, 60, why);
            incoming.add(new IncomingVolumeReport(
                    Migrations.ID, Migrations.V1, 3, IncomingStage.CLONED, attachment, hydration, null));
            return this;
        }

        Report failure(@Nullable MigrationId migration, String code) {
            failures.add(new FailureReport(migration, code, "it broke", FailureKind.OPERATOR, 1, 1));
            return this;
        }

        Sighting at(Instant at) {
            return new Sighting(
                    new HostReport(
                            worker,
                            1,
                            1,
                            generation,
                            "boot",
                            0,
                            List.of(),
                            volumes,
                            workloads,
                            exports,
                            incoming,
                            failures,
                            null,
                            null),
                    at);
        }
    }

    private static Report source() {
        return new Report(Migrations.A, 5);
    }

    private static Report destination() {
        return new Report(Migrations.B, 7);
    }

    private static Observation seen(MigrationState state, @Nullable Sighting source, @Nullable Sighting destination) {
        return Observations.of(new Situation(
                Migrations.in(state), NOW, source, destination, Generations.NONE, true, List.of(), Limits.DEFAULT));
    }

    private static Reason waits(MigrationState state, @Nullable Sighting source, @Nullable Sighting destination) {
        Step step = MigrationMachine.next(Migrations.in(state), seen(state, source, destination));
        assertThat(step).isInstanceOf(Step.Wait.class);
        return ((Step.Wait) step).reason();
    }

    private static Report frozenSource(long generation) {
        return new Report(Migrations.A, generation)
                .workload(WorkloadStatus.STOPPED, true)
                .volume(VolumeRole.FROZEN, false, 2)
                .export(true);
    }

    @Test
    void aReportOfAnEarlierGenerationSaysNothing() {
        Observation observed = seen(Reversible.STOPPING, frozenSource(4).at(NOW), null);

        assertThat(observed.source().contact()).isEqualTo(Contact.BEHIND);
        assertThat(observed.source().frozen()).isFalse();
    }

    @Test
    void aReportOfTheCommittedGenerationCounts() {
        assertThat(seen(Reversible.STOPPING, frozenSource(5).at(NOW), null)
                        .source()
                        .frozen())
                .isTrue();
    }

    @Test
    void aReportFromLongAgoSaysNothing() {
        Sighting old =
                frozenSource(5).at(NOW.minus(Limits.DEFAULT.silentAfter()).minusMillis(1));

        assertThat(seen(Reversible.STOPPING, old, null).source().contact()).isEqualTo(Contact.SILENT);
        assertThat(waits(Reversible.STOPPING, old, null).code()).isEqualTo(ReasonCode.SOURCE_NOT_REPORTING.name());
    }

    @Test
    void frozenNeedsTheWorkloadHeldTheVolumeReadOnlyAndTheExportFrozen() {
        Report notHeld = source().workload(WorkloadStatus.STOPPED, false)
                .volume(VolumeRole.FROZEN, false, 2)
                .export(true);
        Report unknown = source().workload(WorkloadStatus.UNKNOWN, true)
                .volume(VolumeRole.FROZEN, false, 2)
                .export(true);
        Report undeclared = source().volume(VolumeRole.FROZEN, false, 2).export(true);
        Report writable = source().workload(WorkloadStatus.STOPPED, true)
                .volume(VolumeRole.FROZEN, true, 2)
                .export(true);
        Report thawed = source().workload(WorkloadStatus.STOPPED, true)
                .volume(VolumeRole.FROZEN, false, 2)
                .export(false);
        Report closed = source().workload(WorkloadStatus.STOPPED, true).volume(VolumeRole.FROZEN, false, 2);

        assertThat(List.of(notHeld, unknown, undeclared, writable, thawed, closed))
                .allSatisfy(report -> assertThat(seen(Reversible.STOPPING, report.at(NOW), null)
                                .source()
                                .frozen())
                        .isFalse());
    }

    @Test
    void runningNeedsTheWorkloadAndTheVolumeUnderThisEpoch() {
        Report right = destination().workload(WorkloadStatus.RUNNING, false).volume(VolumeRole.OWNED, true, 3);
        Report olderEpoch =
                destination().workload(WorkloadStatus.RUNNING, false).volume(VolumeRole.OWNED, true, 2);
        Report stopped = destination().workload(WorkloadStatus.STOPPED, false).volume(VolumeRole.OWNED, true, 3);

        assertThat(seen(ForwardOnly.STARTING, null, right.at(NOW)).destination().running())
                .isTrue();
        assertThat(seen(ForwardOnly.STARTING, null, olderEpoch.at(NOW))
                        .destination()
                        .running())
                .isFalse();
        assertThat(seen(ForwardOnly.STARTING, null, stopped.at(NOW))
                        .destination()
                        .running())
                .isFalse();
    }

    @Test
    void anIncomingVolumeOfAnotherEpochIsNotThisMigrations() {
        Report other = destination().incoming(IncomingStage.ATTACHED, 2, null, null);

        assertThat(seen(Reversible.PREPARING, null, other.at(NOW)).destination().attached())
                .isFalse();
    }

    @Test
    void hydratedNeedsEveryRegionAndNoneInFlight() {
        Report inFlight = destination().incoming(IncomingStage.CLONED, 3, hydration(8, 1), null);
        Report whole = destination().incoming(IncomingStage.CLONED, 3, hydration(8, 0), null);
        Report unknown = destination().incoming(IncomingStage.CLONED, 3, null, null);

        assertThat(seen(ForwardOnly.HYDRATING, null, inFlight.at(NOW))
                        .destination()
                        .hydrated())
                .isFalse();
        assertThat(seen(ForwardOnly.HYDRATING, null, unknown.at(NOW))
                        .destination()
                        .hydrated())
                .isFalse();
        assertThat(seen(ForwardOnly.HYDRATING, null, whole.at(NOW))
                        .destination()
                        .hydrated())
                .isTrue();
    }

    @Test
    void settledNeedsAVerificationThatFoundNothing() {
        Report unverified = destination().incoming(IncomingStage.LINEAR, 3, null, null);
        Report verified = destination().incoming(IncomingStage.LINEAR, 3, null, new VerificationReport(8, 0, 0, 0));

        assertThat(seen(ForwardOnly.SETTLING, null, unverified.at(NOW))
                        .destination()
                        .settled())
                .isFalse();
        assertThat(seen(ForwardOnly.SETTLING, null, verified.at(NOW))
                        .destination()
                        .settled())
                .isTrue();
    }

    @Test
    void aMismatchHoldsTheMigrationInSettlingAndSaysSo() {
        Report wrong =
                destination().incoming(IncomingStage.CLONED, 3, hydration(8, 0), new VerificationReport(7, 0, 0, 1));

        assertThat(waits(ForwardOnly.SETTLING, null, wrong.at(NOW)).code())
                .isEqualTo(ReasonCode.VERIFICATION_MISMATCH.name());
    }

    @Test
    void anAgentsOwnFailureIsPassedThroughUnderItsOwnCode() {
        Report broken = destination().failure(Migrations.ID, "POOL_FULL").failure(new MigrationId("m9"), "OTHER");

        assertThat(waits(Reversible.PREPARING, null, broken.at(NOW)).code()).isEqualTo("POOL_FULL");
    }

    @Test
    void anotherMigrationsFailureIsNotThisOnes() {
        Report broken = destination().failure(new MigrationId("m9"), "OTHER");

        assertThat(waits(Reversible.PREPARING, null, broken.at(NOW)).code())
                .isEqualTo(ReasonCode.WAITING_FOR_DESTINATION.name());
    }

    @Test
    void aMissedDeadlineIsSaidTogetherWithWhatItWaitsFor() {
        Instant late = Migrations.DEADLINE.plusSeconds(1);
        Observation observed = Observations.of(new Situation(
                Migrations.in(ForwardOnly.STARTING),
                late,
                null,
                destination().at(late),
                Generations.NONE,
                true,
                List.of(),
                Limits.DEFAULT));

        assertThat(MigrationMachine.next(Migrations.in(ForwardOnly.STARTING), observed))
                .isInstanceOfSatisfying(Step.Wait.class, wait -> {
                    assertThat(wait.reason().code()).isEqualTo(ReasonCode.DEADLINE_MISSED.name());
                    assertThat(wait.reason().message()).contains("b starts the workload");
                });
    }

    @Test
    void restoredNeedsNoExportAndTheWorkloadRunning() {
        Report exported = source().workload(WorkloadStatus.RUNNING, false)
                .volume(VolumeRole.OWNED, true, 2)
                .export(false);
        Report stopped = source().workload(WorkloadStatus.STOPPED, false).volume(VolumeRole.OWNED, true, 2);
        Report right = source().workload(WorkloadStatus.RUNNING, false).volume(VolumeRole.OWNED, true, 2);

        assertThat(seen(Reversible.ABORTING, exported.at(NOW), null).source().restored())
                .isFalse();
        assertThat(seen(Reversible.ABORTING, stopped.at(NOW), null).source().restored())
                .isFalse();
        assertThat(seen(Reversible.ABORTING, right.at(NOW), null).source().restored())
                .isTrue();
    }

    @Test
    void aSourceThatIsAwayIsTheReasonAndWhatOnlyItHasIsNamed() {
        MissingBytes missing = new MissingBytes(
                12288, List.of(new MissingBytes.Range(0, 4096), new MissingBytes.Range(8192, 4096)), 1);
        Report away = destination().cutOff(hydrationWithout(missing));

        Reason reason = waits(ForwardOnly.HYDRATING, null, away.at(NOW));

        assertThat(reason.code()).isEqualTo(ReasonCode.SOURCE_UNREACHABLE.name());
        assertThat(reason.message())
                .endsWith("Of volume " + Migrations.V1 + " only " + Migrations.A
                        + " has 12288 bytes: 0-4095, 8192-12287, and 1 further ranges.");
        assertThat(waits(
                                ForwardOnly.HYDRATING,
                                null,
                                destination().cutOff(hydration(4, 0)).at(NOW))
                        .message())
                .as("not known, or not away for long")
                .endsWith("keeps trying.");
    }

    @Test
    void whyTheSessionDoesNotComeBackIsQuoted() {
        AttachmentFailure refused =
                new AttachmentFailure("SOURCE_REFUSES", FailureKind.RETRY, "cannot log in to iqn.x; it is tried again");
        MissingBytes missing = new MissingBytes(4096, List.of(new MissingBytes.Range(0, 4096)), 0);

        Reason reason = waits(
                ForwardOnly.HYDRATING,
                null,
                destination().cutOff(hydrationWithout(missing), refused).at(NOW));

        assertThat(reason.code()).isEqualTo(ReasonCode.SOURCE_UNREACHABLE.name());
        assertThat(reason.message())
                .contains(
                        "keeps trying. The last attempt ended with SOURCE_REFUSES: cannot log in to iqn.x; it is tried"
                                + " again. Of volume " + Migrations.V1 + " only ");
    }

    @Test
    void whatAnOperatorMustMendOnTheDestinationIsNotBlamedOnTheNetwork() {
        AttachmentFailure noDaemon =
                new AttachmentFailure("ISCSID_NOT_RUNNING", FailureKind.OPERATOR, "iscsid does not start: start it");

        Reason reason = waits(
                ForwardOnly.HYDRATING,
                null,
                destination().cutOff(hydration(4, 0), noDaemon).at(NOW));

        assertThat(reason.code()).isEqualTo("ISCSID_NOT_RUNNING");
        assertThat(reason.message()).endsWith("ended with ISCSID_NOT_RUNNING: iscsid does not start: start it.");
        assertThat(reason.remedy()).doesNotContain("network");
    }

    @Test
    void releasedNeedsTheDeclarationGoneAndTheCopyRetiredOrGone() {
        Report declared = source().workload(WorkloadStatus.STOPPED, true).volume(VolumeRole.RETIRED, false, 2);
        Report frozen = source().volume(VolumeRole.FROZEN, false, 2);
        Report retired = source().volume(VolumeRole.RETIRED, false, 2);

        assertThat(seen(ForwardOnly.RELEASING, declared.at(NOW), null).source().released())
                .isFalse();
        assertThat(seen(ForwardOnly.RELEASING, frozen.at(NOW), null).source().released())
                .isFalse();
        assertThat(seen(ForwardOnly.RELEASING, retired.at(NOW), null).source().released())
                .isTrue();
        assertThat(seen(ForwardOnly.RELEASING, source().at(NOW), null).source().released())
                .isTrue();
    }

    @Test
    void membersOfAGroupWaitForEachOthersCutover() {
        Migration waiting = Migrations.in(Reversible.READY, Migrations.ID, "g");
        Migration other = Migrations.in(Reversible.CLONING, new MigrationId("m2"), "g");
        Situation situation =
                new Situation(waiting, NOW, null, null, Generations.NONE, true, List.of(other), Limits.DEFAULT);

        Reason reason = Observations.of(situation).clearance().cutover();
        assertThat(reason).extracting(Reason::code).isEqualTo(ReasonCode.WAITING_FOR_GROUP.name());
    }

    @Test
    void slotsOfBothHostsAreCounted() {
        Migration waiting = Migrations.in(Reversible.PLANNED);
        Migration planned = Migrations.in(Reversible.PLANNED, new MigrationId("m2"), null);
        Migration underWay = Migrations.in(ForwardOnly.HYDRATING, new MigrationId("m3"), null);
        Limits one = Limits.DEFAULT.withConcurrency(1, 1);

        assertThat(begin(waiting, List.of(planned), one)).isNull();
        Reason reason = begin(waiting, List.of(planned, underWay), one);
        assertThat(reason).extracting(Reason::code).isEqualTo(ReasonCode.WAITING_FOR_SLOT.name());
    }

    private static @Nullable Reason begin(Migration migration, List<Migration> others, Limits limits) {
        Situation situation = new Situation(migration, NOW, null, null, Generations.NONE, true, others, limits);
        return Observations.of(situation).clearance().begin();
    }

    private static HydrationReport hydrationWithout(MissingBytes missing) {
        return new HydrationReport(4096, 8, 5, 0, 0, 0, 0, 0, true, CloneEngine.DM_CLONE, null, missing);
    }

    private static HydrationReport hydration(long hydrated, long inFlight) {
        return new HydrationReport(4096, 8, hydrated, inFlight, 0, 0, 0, 0, true);
    }
}
