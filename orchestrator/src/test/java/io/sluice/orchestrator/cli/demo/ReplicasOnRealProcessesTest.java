package io.sluice.orchestrator.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.orchestrator.cli.client.DrainRequest;
import io.sluice.orchestrator.cli.client.DrainView;
import io.sluice.orchestrator.cli.client.MigrationView;
import io.sluice.orchestrator.cli.client.RestClient;
import io.sluice.orchestrator.database.Relay;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * Three orchestrators on one PostgreSQL, three agents spread over them and two workloads that write all the time, each a process. In
 * each test both workloads move from one worker to the next while something is done to the replicas or to their database. Then every
 * migration has gone through each state once, every action was done once, no program ran twice, and every acknowledged write is there.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ReplicasOnRealProcessesTest {
    private static final List<String> WAY = List.of(
            "Preparing", "Ready", "Stopping", "Cloning", "Starting", "Hydrating", "Settling", "Releasing", "Done");

    /** At {@link #SLOWLY} both take longer than anything here waits for: what is done meanwhile is done before the end. */
    private static final long SIZE = 48 * DemoOptions.MEBIBYTE;

    private static final long HYDRATION = 16 * DemoOptions.MEBIBYTE;

    private static final int SLOWLY = 1 << 17;

    private static final String CEILING = "/ceilings/fleet/*/in";

    private SharedPostgres postgres;
    private Relay relay;
    private Replicas replicas;
    private DemoFleet fleet;
    private Effects effects;
    private int home;

    @BeforeAll
    void start(@TempDir Path directory) throws IOException {
        Installation installation = Installation.here();
        postgres = SharedPostgres.start(directory);
        relay = new Relay("127.0.0.1", postgres.port());
        replicas = Replicas.start(installation, directory, List.of(postgres.port(), relay.port(), postgres.port()));
        fleet = DemoFleet.below(
                replicas, installation, new DemoOptions(3, 2, SIZE, HYDRATION, null), new DemoDirectory(directory));
        effects = new Effects(fleet);
        fleet.prepare();
        replicas.awaitReady();
        fleet.startAgents();
        try (RestClient client = replicas.client()) {
            fleet.awaitWorking(client);
        }
        for (int i = 0; i < replicas.count(); i++) {
            int replica = i;
            Await.until("an agent has replica " + i, Replicas.LIMIT, () -> replicas.hasDecided(replica));
        }
    }

    @AfterAll
    void stop() throws IOException {
        if (fleet != null) {
            fleet.stop();
        }
        if (relay != null) {
            relay.close();
        }
        if (postgres != null) {
            postgres.close();
        }
    }

    @AfterEach
    void everyReplicaIsBack() {
        replicas.awaitReady();
    }

    @Test
    void replicasAreKilledInTheMiddleOfIt() {
        hydrateSlowly();
        String drain = drain();
        replicas.kill(0);
        awaitMigrations(drain, migration -> past(migration, "Preparing"));
        replicas.kill(1);
        awaitMigrations(drain, migration -> past(migration, "Starting"));
        assertThat(drained(drain)).isFalse();
        replicas.startAgain(0, Map.of());
        replicas.startAgain(1, Map.of());
        hydrateAtWill();
        assertMoved(drain);
    }

    @Test
    void aReplicaThatSleptLongerThanItsLeaseWakesAsAZombie() {
        Await.until("somebody has the lease", Replicas.LIMIT, () -> holder() >= 0);
        hydrateSlowly();
        String drain = drain();
        int sleeper = holder();
        replicas.freeze(sleeper);
        try {
            Await.until("another one has the lease", Replicas.LIMIT, () -> holder() != sleeper);
            awaitMigrations(drain, migration -> past(migration, "Starting"));
        } finally {
            replicas.thaw(sleeper);
        }
        assertThat(drained(drain)).isFalse();
        replicas.awaitReadiness(sleeper, 200);
        hydrateAtWill();
        assertMoved(drain);
    }

    @Test
    void everyConnectionIsCutAfterEachStep() {
        String drain = drain();
        AtomicInteger cut = new AtomicInteger();
        AtomicReference<String> seen = new AtomicReference<>("");
        Await.until("the drain has ended, cut as it is: " + drain, Replicas.LIMIT, () -> {
            String newest = postgres.query("select coalesce(max(id), 0) from migration_event")
                    .getFirst();
            if (!newest.equals(seen.getAndSet(newest))) {
                cut.addAndGet(postgres.cutConnections());
            }
            return drained(drain);
        });
        assertThat(cut).hasValueGreaterThan(WAY.size());
        assertMoved(drain);
    }

    @Test
    void theDatabaseCrashesAndComesBack() {
        String drain = drain();
        awaitMigrations(drain, migration -> past(migration, "Preparing"));
        postgres.crash();
        try {
            for (int replica = 0; replica < replicas.count(); replica++) {
                replicas.awaitReadiness(replica, 503);
                assertThat(replicas.readinessWords(replica)).contains("\"reason\":\"");
            }
            fleet.awaitWriting();
        } finally {
            postgres.startAgain();
        }
        replicas.awaitReady();
        assertMoved(drain);
    }

    @Test
    void aReplicaThatIsCutOffFromTheDatabaseSendsItsAgentsToTheOthers() {
        String drain = drain();
        relay.cut();
        try {
            replicas.awaitReadiness(1, 503);
            awaitDrained(drain);
            assertThat(replicas.readiness(1)).isEqualTo(503);
        } finally {
            relay.open();
        }
        assertMoved(drain);
    }

    @Test
    void replicasOfTwoVersionsServeTogetherWhileTheNewOneMigratesTheDatabase() {
        hydrateSlowly();
        String drain = drain();
        replicas.startAgain(0, Map.of("SPRING_FLYWAY_LOCATIONS", "classpath:db/migration,filesystem:" + nextVersion()));
        replicas.awaitReadiness(0, 200);
        assertThat(postgres.query("select version from flyway_schema_history order by installed_rank desc limit 1"))
                .containsExactly("100000");
        assertThat(drained(drain)).as("it goes on meanwhile").isFalse();
        // one of the older version that is started again finds a database of a newer one
        replicas.startAgain(1, Map.of());
        replicas.awaitReadiness(1, 200);
        hydrateAtWill();
        assertMoved(drain);
        assertMoved(drain());
    }

    private void hydrateSlowly() {
        replicas.ask(client -> client.change(CEILING, Map.of("bytesPerSecond", SLOWLY), field -> false));
    }

    private void hydrateAtWill() {
        replicas.ask(client -> client.change(CEILING, Map.of("bytesPerSecond", 1 << 30), field -> false));
    }

    private static Path nextVersion() {
        try {
            return Path.of(Objects.requireNonNull(ReplicasOnRealProcessesTest.class.getResource("/next-version"))
                    .toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException("the test's resources are no files", e);
        }
    }

    private static boolean past(MigrationView migration, String state) {
        return WAY.indexOf(migration.state()) > WAY.indexOf(state);
    }

    private static String worker(int number) {
        return "worker-" + (number + 1);
    }

    /** Begins to move everything from the worker where it is to the next one; the third takes nothing. */
    private String drain() {
        int from = home;
        int to = (from + 1) % 3;
        home = to;
        replicas.ask(client -> client.cordon(worker(3 - from - to)));
        for (String worker : List.of(worker(from), worker(to))) {
            // once ends the drain before, which gives it back as it was; once more lifts a cordon of its own
            replicas.ask(client -> client.uncordon(worker));
            replicas.ask(client -> client.uncordon(worker));
        }
        Await.until(
                worker(to) + " takes workloads",
                Replicas.LIMIT,
                () -> replicas.ask(client -> client.worker(worker(to))).connected());
        return replicas.ask(client -> client.startDrain(worker(from), DrainRequest.because("test")))
                .id();
    }

    private DrainView view(String drain) {
        return replicas.ask(client -> client.drain(drain));
    }

    private boolean drained(String drain) {
        return view(drain).phase() == DrainView.Phase.DRAINED;
    }

    private void awaitDrained(String drain) {
        Await.until("the drain has ended: " + drain, Replicas.LIMIT, () -> drained(drain));
    }

    private void awaitMigrations(String drain, Predicate<MigrationView> condition) {
        Await.until("the migrations have come so far", Replicas.LIMIT, () -> {
            List<MigrationView> migrations = view(drain).migrations();
            return !migrations.isEmpty() && migrations.stream().allMatch(condition);
        });
    }

    /** Which replica looks after drains; below 0 when none does. */
    private int holder() {
        List<String> holders = postgres.query("select holder from lease where chore = 'drains'");
        return IntStream.range(0, replicas.count())
                .filter(replica -> holders.stream().anyMatch(holder -> holder.startsWith(replicas.pid(replica) + "@")))
                .findFirst()
                .orElse(-1);
    }

    /** The drain ends, and nothing was lost, done twice or done in another order. */
    private void assertMoved(String drain) {
        awaitDrained(drain);
        fleet.awaitWriting();
        DrainView ended = view(drain);
        assertThat(ended.migrations()).hasSize(fleet.workloads().size());
        for (MigrationView migration : ended.migrations()) {
            effects.moved(migration.subject());
            assertThat(postgres.query("select to_state from migration_event where migration = '" + migration.id()
                            + "' and from_state is not null order by id"))
                    .as("the way of " + migration.subject())
                    .isEqualTo(WAY);
        }
        DemoResult result = new Proof(fleet).of(ended);
        assertThat(result.failures()).isEmpty();
        assertThat(result.moved()).hasSize(fleet.workloads().size()).allSatisfy(moved -> {
            assertThat(moved.destination()).isEqualTo(worker(home));
            assertThat(moved.verification().wrong()).isEmpty();
            assertThat(moved.verification().acknowledgedWrites()).isPositive();
        });
        assertThat(result.safeToPowerOff()).isTrue();
        effects.requireExactlyOnce();
    }
}
