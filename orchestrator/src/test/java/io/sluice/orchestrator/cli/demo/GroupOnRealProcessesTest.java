package io.sluice.orchestrator.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.orchestrator.cli.client.DrainRequest;
import io.sluice.orchestrator.cli.client.DrainView;
import io.sluice.orchestrator.cli.client.MigrationView;
import io.sluice.orchestrator.cli.client.RestClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two members of one group are drained together. The programs of the first hold its cutover open, before and after its point of no
 * return, while one orchestrator after the other is killed. Whoever takes over has the other member ready all that time, and lets it
 * into its cutover only after the first has left its own: in the database's history as on the hosts.
 */
class GroupOnRealProcessesTest {
    private static final String GROUP = "orders";

    private static final String ASKED = "asked";

    private SharedPostgres postgres;
    private Replicas replicas;
    private DemoFleet fleet;

    @BeforeEach
    void processes(@TempDir Path directory) throws IOException {
        postgres = SharedPostgres.start(directory);
        replicas = Replicas.start(Installation.here(), directory, List.of(postgres.port(), postgres.port()));
        fleet = DemoFleet.below(
                replicas,
                Installation.here(),
                new DemoOptions(3, 2, 16 * DemoOptions.MEBIBYTE, null, null),
                new DemoDirectory(directory));
    }

    @AfterEach
    void end() {
        fleet.stop();
        postgres.close();
    }

    @Test
    void whoTakesOverLetsNoOtherMemberIntoItsCutover() throws IOException {
        start();
        Path stop = hold("stop");
        Path start = hold("start");
        String drain = replicas.ask(client -> client.startDrain("worker-1", DrainRequest.because("test")))
                .id();

        String first = awaitHeld(drain, "Stopping");
        long killed = kill(0);
        replicas.startAgain(0, Map.of());
        assertKeepsTheOtherOut(killed, drain, first, "Stopping");
        Files.delete(stop);

        assertThat(awaitHeld(drain, "Starting")).isEqualTo(first);
        replicas.awaitReady();
        assertKeepsTheOtherOut(kill(1), drain, first, "Starting");
        Files.delete(start);

        assertMovedOneAfterTheOther(drain, first);
    }

    private void start() {
        fleet.prepare();
        for (DemoWorkload workload : fleet.workloads()) {
            Path declaration =
                    fleet.directory().worker("worker-1").resolve("workloads.d").resolve(workload.id() + ".yaml");
            // what holds a program longer than its grace would be taken for a failure of the program
            Texts.write(
                    declaration, Texts.read(declaration).replace("Seconds: 30", "Seconds: 300") + "group: " + GROUP);
            for (String program : List.of("stop", "start")) {
                mayBeHeld(workload, program);
            }
        }
        replicas.awaitReady();
        fleet.startAgents();
        try (RestClient client = replicas.client()) {
            fleet.awaitWorking(client);
        }
    }

    /** Notes when it is called, and does its work only while no file tells it to wait. */
    private void mayBeHeld(DemoWorkload workload, String program) {
        Path itself = workload.program(program);
        Path work = workload.program(program + "-at-once");
        Texts.writeProgram(work, Texts.read(itself));
        Texts.writeProgram(itself, """
                #!/bin/sh
                echo "%s $(date +%%s%%N)" >> %s
                while [ -e %s ]; do sleep 0.05; done
                exec %s
                """.formatted(
                        program,
                        DemoWorkload.quoted(workload.directory().resolve(ASKED)),
                        DemoWorkload.quoted(holding(program)),
                        DemoWorkload.quoted(work)));
    }

    private Path holding(String program) {
        return fleet.directory().root().resolve("hold-" + program);
    }

    private Path hold(String program) {
        Texts.write(holding(program), "");
        return holding(program);
    }

    /** One member's program is held in this state, the other member would be next and says why it is not; answers the first. */
    private String awaitHeld(String drain, String state) {
        Await.until("one is " + state + ", and the other waits for it", Replicas.LIMIT, () -> {
            List<MigrationView> migrations = migrations(drain);
            return migrations.stream().anyMatch(one -> one.state().equals(state))
                    && migrations.stream().anyMatch(GroupOnRealProcessesTest::waitsForItsGroup);
        });
        return migrations(drain).stream()
                .filter(one -> one.state().equals(state))
                .findFirst()
                .orElseThrow()
                .id();
    }

    private static boolean waitsForItsGroup(MigrationView migration) {
        return migration.state().equals("Ready")
                && migration.reason() != null
                && migration.reason().code().equals("WAITING_FOR_GROUP");
    }

    private List<MigrationView> migrations(String drain) {
        return replicas.ask(client -> client.drain(drain)).migrations();
    }

    /** SIGKILL; answers which process it was. */
    private long kill(int replica) {
        long pid = replicas.pid(replica);
        replicas.kill(replica);
        return pid;
    }

    /** Somebody else has looked after everything at least once since that one was killed, and nothing has moved. */
    private void assertKeepsTheOtherOut(long killed, String drain, String first, String state) {
        String lease =
                "select holder || held_until from lease where chore = 'drains' and holder not like '" + killed + "@%'";
        // the lease is renewed before each look: the second new end comes after a look that began after the kill
        for (int renewals = 0; renewals < 2; renewals++) {
            List<String> before = postgres.query(lease);
            Await.until("another replica looks after drains", Replicas.LIMIT, () -> {
                List<String> now = postgres.query(lease);
                return !now.isEmpty() && !now.equals(before);
            });
        }
        assertThat(migrations(drain)).hasSize(2).allSatisfy(migration -> {
            if (migration.id().equals(first)) {
                assertThat(migration.state()).isEqualTo(state);
            } else {
                assertThat(waitsForItsGroup(migration))
                        .as("%s because of %s", migration.state(), migration.reason())
                        .isTrue();
            }
        });
    }

    private void assertMovedOneAfterTheOther(String drain, String first) {
        Await.until(
                "the drain has ended: " + drain,
                Replicas.LIMIT,
                () -> replicas.ask(client -> client.drain(drain)).phase() == DrainView.Phase.DRAINED);
        List<MigrationView> migrations = migrations(drain).stream()
                .sorted(Comparator.comparing(one -> !one.id().equals(first)))
                .toList();
        assertThat(postgres.query("select migration || ' ' || to_state from migration_event where drain = '" + drain
                        + "' and to_state in ('Stopping', 'Hydrating') order by id"))
                .containsExactly(
                        first + " Stopping",
                        first + " Hydrating",
                        migrations.getLast().id() + " Stopping",
                        migrations.getLast().id() + " Hydrating");
        assertThat(migrations).extracting(MigrationView::destination).containsExactlyInAnyOrder("worker-2", "worker-3");

        fleet.awaitWriting();
        DemoResult result = new Proof(fleet).of(replicas.ask(client -> client.drain(drain)));
        assertThat(result.failures()).isEmpty();
        Effects effects = new Effects(fleet);
        migrations.forEach(migration -> effects.moved(migration.subject()));
        effects.requireExactlyOnce();
        assertThat(askedToStop(workload(migrations.getLast())))
                .isGreaterThan(workload(migrations.getFirst()).gaps().getFirst().launchedNanos());
    }

    private DemoWorkload workload(MigrationView migration) {
        return fleet.workloads().stream()
                .filter(workload -> workload.id().equals(migration.subject()))
                .findFirst()
                .orElseThrow();
    }

    /** When its stop program was called, Unix time in ns. */
    private static long askedToStop(DemoWorkload workload) {
        List<String> calls = Texts.read(workload.directory().resolve(ASKED))
                .lines()
                .filter(line -> line.startsWith("stop "))
                .toList();
        assertThat(calls).hasSize(1);
        return Long.parseLong(calls.getFirst().substring("stop ".length()));
    }
}
