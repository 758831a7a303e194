package io.sluice.orchestrator.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.orchestrator.cli.client.DrainRequest;
import io.sluice.orchestrator.cli.client.DrainView;
import io.sluice.orchestrator.cli.client.MigrationView;
import io.sluice.orchestrator.cli.client.RestClient;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Drains on real processes: orchestrator, agents and writing workloads, over real sockets and files. */
class DrainOnRealProcessesTest {
    private static final Duration LIMIT = Duration.ofMinutes(3);

    /** Slow enough that a volume of this size hydrates for several seconds. */
    private static final long SLOW = 3 * DemoOptions.MEBIBYTE;

    @TempDir
    Path directory;

    @Test
    void aDrainMovesWritingWorkloadsAndLosesNothing() {
        DemoFleet fleet = fleet(new DemoOptions(3, 2, 32 * DemoOptions.MEBIBYTE, null, directory));
        try (RestClient client = started(fleet)) {
            DrainView ended = drained(client, drain(client, "worker-1"));

            assertProven(fleet, ended);
            assertThat(ended.migrations()).allSatisfy(migration -> {
                assertThat(migration.progress().skippedBytes()).isPositive();
                assertThat(migration.interruptionMs()).isPositive();
                assertThat(migration.verification()).isNotNull();
            });
        } finally {
            fleet.stop();
        }
    }

    @Test
    void agentsKilledWhileAVolumeHydratesCostNoByteAndReadsGoOn() {
        DemoFleet fleet = fleet(new DemoOptions(2, 1, 64 * DemoOptions.MEBIBYTE, SLOW, directory));
        try (RestClient client = started(fleet)) {
            String there = drain(client, "worker-1");
            awaitHalfway(client, there);
            fleet.killAgent("worker-2");
            fleet.startAgent("worker-2");
            assertProven(fleet, drained(client, there));

            client.uncordon("worker-1");
            String back = drain(client, "worker-2");
            awaitHalfway(client, back);
            fleet.killAgent("worker-2");
            fleet.startAgent("worker-2");
            assertProven(fleet, drained(client, back));
        } finally {
            fleet.stop();
        }
    }

    private static DemoFleet fleet(DemoOptions options) {
        return DemoFleet.start(Installation.here(), options, DemoDirectory.create(options.directory()));
    }

    private static RestClient started(DemoFleet fleet) {
        fleet.prepare();
        fleet.server().awaitReady();
        fleet.startAgents();
        RestClient client = fleet.server().client();
        fleet.awaitWorking(client);
        return client;
    }

    private static String drain(RestClient client, String worker) {
        return client.startDrain(worker, DrainRequest.because("test")).id();
    }

    /** While it hydrates, with some bytes local and some not. */
    private static void awaitHalfway(RestClient client, String drain) {
        Await.until("the volume is partly hydrated", LIMIT, () -> {
            MigrationView migration = client.drain(drain).migrations().getFirst();
            Long copied = migration.progress().copiedBytes();
            return migration.state().equalsIgnoreCase("hydrating") && copied != null && copied > SLOW;
        });
        MigrationView caught = client.drain(drain).migrations().getFirst();
        assertThat(caught.progress().exposureBytes()).isPositive();
    }

    private static DrainView drained(RestClient client, String drain) {
        Await.until(
                "the drain has ended: " + drain,
                LIMIT,
                () -> client.drain(drain).phase() == DrainView.Phase.DRAINED);
        return client.drain(drain);
    }

    private static void assertProven(DemoFleet fleet, DrainView ended) {
        fleet.awaitWriting();
        DemoResult result = new Proof(fleet).of(ended);
        assertThat(result.failures()).isEmpty();
        assertThat(result.moved()).isNotEmpty().allSatisfy(moved -> {
            assertThat(moved.verification().wrong()).isEmpty();
            assertThat(moved.verification().acknowledgedWrites()).isPositive();
            assertThat(moved.verification().untouchedBytes()).isPositive();
        });
        assertThat(result.safeToPowerOff()).isTrue();
    }
}
