package io.sluice.orchestrator.agents;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.agent.api.HostReport;
import io.sluice.agent.api.HostSpec;
import io.sluice.agent.api.PoolName;
import io.sluice.agent.api.PoolReport;
import io.sluice.agent.api.RegisterRequest;
import io.sluice.agent.api.VolumeId;
import io.sluice.agent.api.VolumeReport;
import io.sluice.agent.api.VolumeRole;
import io.sluice.agent.api.WorkerId;
import io.sluice.orchestrator.agents.HeartbeatStore.Beat;
import io.sluice.orchestrator.agents.HeartbeatStore.Standing;
import io.sluice.orchestrator.agents.KnownHosts.News;
import io.sluice.orchestrator.database.DatabaseReach;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who says nothing new costs a share in a batch, and what is known here yields to what the store says. */
class KnownHostsTest {
    private static final WorkerId HOST = new WorkerId("host");
    private static final byte[] CREDENTIAL = {1};
    private static final byte[] ANOTHER = {2};

    private final FakeStore store = new FakeStore();
    private final Specs specs = new Specs();
    private final Credentials credentials = new Credentials(store, new Turns(new DatabaseReach()));
    private final KnownHosts hosts = new KnownHosts(store, credentials, new HeldCalls(specs));

    /** One worker, whose newest report and credential any replica may change. */
    private static final class FakeStore implements HeartbeatStore, WorkerIdentities {
        final List<Beat> beats = new ArrayList<>();
        final Set<WorkerId> locked = new HashSet<>();
        HostReport kept = report(0, 0, true);
        byte[] credential = CREDENTIAL;
        long generation;
        int asked;

        @Override
        public List<Standing> beat(List<Beat> sent) {
            List<Standing> standings = new ArrayList<>();
            for (Beat beat : sent) {
                if (!locked.contains(beat.worker())) {
                    beats.add(beat);
                    if (beat.counters() != null && kept.equals(beat.kept())) {
                        kept = beat.counters();
                    }
                    standings.add(new Standing(
                            beat.worker(),
                            generation,
                            HexFormat.of().formatHex(credential),
                            kept.incarnation(),
                            kept.sequence()));
                }
            }
            return standings;
        }

        @Override
        public @Nullable WorkerId register(RegisterRequest request, byte[] claimHash, byte[] credentialHash) {
            throw new IllegalStateException("nobody registers here");
        }

        @Override
        public @Nullable WorkerId byCredential(byte[] credentialHash) {
            asked++;
            return java.util.Arrays.equals(credential, credentialHash) ? HOST : null;
        }
    }

    private static HostReport report(long sequence, long freeBytes, boolean writable) {
        return new HostReport(
                HOST,
                1,
                sequence,
                0,
                "boot",
                0,
                List.of(new PoolReport(new PoolName("main"), "directory", 1000, 100, freeBytes)),
                List.of(new VolumeReport(
                        new VolumeId("v"), new PoolName("main"), 100, 1, null, 0, VolumeRole.OWNED, writable, null)),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                null,
                null);
    }

    private News hear(HostReport report) {
        return hosts.hear(report);
    }

    private void take(HostReport report) {
        store.kept = report;
        hosts.taken(report);
    }

    @BeforeEach
    void oneReportIsTaken() {
        take(report(1, 500, true));
        assertThat(credentials.worker(CREDENTIAL)).isEqualTo(HOST);
    }

    @Test
    void theFirstReportOfAHostIsNews() {
        hosts.forget(HOST);

        assertThat(hear(report(2, 500, true))).isEqualTo(News.SOME);
    }

    @Test
    void theSameAgainIsOneBeatHoweverOften() {
        assertThat(hear(report(2, 500, true))).isEqualTo(News.NONE);
        assertThat(hear(report(3, 500, true))).isEqualTo(News.NONE);

        hosts.beat();
        hosts.beat();

        assertThat(store.beats).containsExactly(new Beat(report(1, 500, true), null));
    }

    @Test
    void whatADecisionMayRestOnIsNews() {
        assertThat(hear(report(2, 500, false))).isEqualTo(News.SOME);
    }

    @Test
    void freeSpaceOfAHostThatMovesNothingIsNotWorthAWriteEachTime() {
        assertThat(hear(report(2, 400, true))).isEqualTo(News.NONE);

        hosts.beat();

        assertThat(store.beats).containsExactly(new Beat(report(1, 500, true), null));
    }

    @Test
    void aReportThatComesLateIsOvertakenByOneThatWasNotEvenKept() {
        assertThat(hear(report(5, 500, true))).isEqualTo(News.NONE);

        assertThat(hear(report(4, 500, false))).isEqualTo(News.OVERTAKEN);
        assertThat(hear(report(5, 500, true))).isEqualTo(News.OVERTAKEN);
    }

    @Test
    void aReportThatAnotherReplicaTookEndsWhatIsKnownHere() {
        store.kept = report(7, 500, false);
        assertThat(hear(report(8, 500, true))).isEqualTo(News.NONE);

        hosts.beat();

        assertThat(hear(report(9, 500, true)))
                .as("to be taken again, for the store holds another one")
                .isEqualTo(News.SOME);
    }

    @Test
    void aReportTakenWhileTheBatchWasOnItsWayIsKnown() {
        assertThat(hear(report(2, 500, true))).isEqualTo(News.NONE);
        take(report(3, 500, false));

        hosts.beat();

        assertThat(hear(report(4, 500, false))).isEqualTo(News.NONE);
    }

    @Test
    void aBeatThatFoundItsRowTakenIsSentAgain() {
        store.locked.add(HOST);
        hear(report(2, 500, true));
        hosts.beat();
        assertThat(store.beats).isEmpty();

        store.locked.clear();
        hosts.beat();

        assertThat(store.beats).hasSize(1);
    }

    @Test
    void aCredentialIsAskedForOnceAndEndsWithTheNextBeatAfterItWasRenewedElsewhere() {
        assertThat(credentials.worker(CREDENTIAL)).isEqualTo(HOST);
        assertThat(store.asked).isEqualTo(1);
        store.credential = ANOTHER;
        hear(report(2, 500, true));

        hosts.beat();

        assertThat(credentials.worker(CREDENTIAL)).isNull();
        assertThat(credentials.worker(ANOTHER)).isEqualTo(HOST);
    }

    @Test
    void aSpecIsReadOnceUntilACommitIsHeardOfOrSeenWithABeat() {
        specs.listening();
        HostSpec old = HostSpec.empty(HOST);
        specs.of(HOST, () -> old);
        assertThat(specs.of(HOST, () -> new HostSpec(HOST, 1, List.of(), List.of())))
                .as("known")
                .isEqualTo(old);
        store.generation = 1;
        hear(report(2, 500, true));

        hosts.beat();

        assertThat(specs.of(HOST, () -> new HostSpec(HOST, 1, List.of(), List.of()))
                        .generation())
                .isEqualTo(1);
    }

    @Test
    void aSpecReadWhileACommitWasHeardOfIsNotKept() {
        specs.listening();
        specs.of(HOST, () -> {
            specs.forget(HOST);
            return HostSpec.empty(HOST);
        });

        assertThat(specs.of(HOST, () -> new HostSpec(HOST, 1, List.of(), List.of()))
                        .generation())
                .isEqualTo(1);
    }

    @Test
    void withoutHearingOfOthersCommitsNothingIsKept() {
        specs.listening();
        specs.deaf();
        specs.of(HOST, () -> HostSpec.empty(HOST));

        assertThat(specs.of(HOST, () -> new HostSpec(HOST, 1, List.of(), List.of()))
                        .generation())
                .isEqualTo(1);
    }
}
