package io.sluice.orchestrator.simulation;

import io.sluice.agent.api.HostReport;
import io.sluice.agent.api.HostSpec;
import io.sluice.agent.api.MigrationId;
import io.sluice.agent.api.PoolName;
import io.sluice.agent.api.Portal;
import io.sluice.agent.api.RegisterRequest.Capabilities;
import io.sluice.agent.api.RegisterRequest.Location;
import io.sluice.agent.api.ResourceRequest;
import io.sluice.agent.api.VolumeId;
import io.sluice.agent.api.WorkerId;
import io.sluice.agent.api.WorkloadDefinition;
import io.sluice.agent.api.WorkloadId;
import io.sluice.agent.api.WorkloadStatus;
import io.sluice.agent.testing.FakeFleet;
import io.sluice.agent.testing.FakeHost;
import io.sluice.agent.testing.FakeVolume;
import io.sluice.orchestrator.fleet.WorkerProfile;
import io.sluice.orchestrator.migration.Intent;
import io.sluice.orchestrator.migration.Limits;
import io.sluice.orchestrator.migration.Migration;
import io.sluice.orchestrator.migration.MigrationReconciler;
import io.sluice.orchestrator.migration.MigrationState;
import io.sluice.orchestrator.migration.Transition;
import io.sluice.orchestrator.plan.DrainPlan;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * One seeded run: a fleet, workloads that write, drains, and for {@link #TROUBLE_MILLIS} everything that can go wrong; then
 * all is healed, and every drain must end drained or name its reason.
 */
final class Simulation {
    static final long RETAIN_SECONDS = 120;

    private static final long TROUBLE_MILLIS = 90_000;
    private static final long END_MILLIS = 1_200_000;
    private static final long SAFETY_TICK_MILLIS = 5_000;
    private static final int MOST_EVENTS = 100_000;
    private static final int REMEMBERED_EVENTS = 40;
    private static final PoolName POOL = new PoolName("main");
    private static final Limits LIMITS = Limits.DEFAULT.withConcurrency(3, 2);

    private final Random random;
    private final Timeline timeline = new Timeline();
    private final Network network;
    private final FakeFleet fleet = new FakeFleet();
    private final SimulatedStore store;
    private final List<SimulatedAgent> agents = new ArrayList<>();
    private final Workloads workloads;
    private final SimulatedDrains drains;
    private final Invariants invariants;
    private final Deque<String> trace = new ArrayDeque<>();
    private MigrationReconciler reconciler;
    private int events;
    private boolean trouble = true;
    private boolean replicaActs;

    /** What kills the orchestrator in the middle of what it does. */
    private static final class OrchestratorKilled extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    Simulation(long seed, Flaw flaw) {
        random = new Random(seed);
        network = new Network(timeline, random);
        store = new SimulatedStore(timeline::now, LIMITS, flaw);
        int count = 3 + random.nextInt(2);
        List<FakeHost> hosts = new ArrayList<>();
        for (int i = 1; i <= count; i++) {
            hosts.add(addWorker(i));
        }
        workloads = new Workloads(hosts, random);
        hosts.forEach(this::addContent);
        drains = new SimulatedDrains(store, timeline);
        invariants = new Invariants(store, agents, workloads, LIMITS);
        network.connect(this::reported, this::deliver);
        store.surroundWith(new AroundTheStore());
        reconciler = new MigrationReconciler(store, this::committed);
    }

    /** Runs to the end; an {@link AssertionError} tells what was violated and what happened just before. */
    void run() {
        agents.forEach(SimulatedAgent::start);
        timeline.in(500, "drain", () -> drains.start(worker(0)));
        recurring(SAFETY_TICK_MILLIS, "safety tick", this::safetyTick);
        recurring(700, "writes", workloads::write);
        recurring(
                900,
                "hydration",
                () -> agents.forEach(agent -> {
                    if (agent.up() && agent.host().hydrateStep() > 0) {
                        workloads.everyReadIsRight();
                    }
                }));
        recurring(2_500, "trouble", this::trouble);
        timeline.in(TROUBLE_MILLIS, "all is healed", this::heal);
        try {
            loop();
            drainsHaveEnded();
        } catch (AssertionError | IllegalStateException e) {
            throw new AssertionError(e.getMessage() + "\nlast events:\n  " + String.join("\n  ", trace), e);
        }
    }

    private void loop() {
        for (Timeline.Event event = timeline.next(); event != null; event = timeline.next()) {
            if (timeline.elapsedMillis() > END_MILLIS || (!trouble && quiet())) {
                return;
            }
            if (++events > MOST_EVENTS) {
                throw new AssertionError("it does not come to rest: " + MOST_EVENTS + " events");
            }
            trace.addLast(timeline.elapsedMillis() + " ms " + event.name());
            if (trace.size() > REMEMBERED_EVENTS) {
                trace.removeFirst();
            }
            try {
                event.action().run();
            } catch (OrchestratorKilled killed) {
                trace.addLast("     the orchestrator is killed and starts again");
                reconciler = new MigrationReconciler(store, this::committed);
            }
            invariants.check();
        }
    }

    int events() {
        return events;
    }

    /** Nothing is under way, nothing can be planned, and every retention has passed. */
    private boolean quiet() {
        return store.live().isEmpty()
                && timeline.elapsedMillis() > TROUBLE_MILLIS + 2 * SAFETY_TICK_MILLIS
                && drains.running().stream()
                        .allMatch(worker -> drains.plan(worker).placements().isEmpty());
    }

    private void drainsHaveEnded() {
        for (Migration migration : store.live()) {
            throw new AssertionError(
                    migration.id() + " never ended: " + migration.state() + ", " + migration.position());
        }
        for (WorkerId worker : drains.running()) {
            DrainPlan left = drains.plan(worker);
            if (!left.placements().isEmpty()) {
                throw new AssertionError("the drain of " + worker + " left " + left.order() + " without a reason");
            }
            boolean refused = !left.refusals().isEmpty();
            boolean empty = workloads.volumes().stream()
                    .allMatch(volume -> agent(worker).host().volume(volume) == null);
            if (!empty && !refused) {
                throw new AssertionError("the drain of " + worker + " ended with volumes there and no reason");
            }
        }
        for (WorkloadDefinition definition : workloads.definitions()) {
            if (!workloads.served(definition)) {
                throw new AssertionError(definition.id() + " is not served anywhere in the end");
            }
        }
        invariants.check();
    }

    private void reported(HostReport report) {
        store.report(report);
        reconciler.reconcile(report.worker());
        if (store.generation(report.worker()) > report.appliedGeneration()) {
            network.toAgent(store.spec(report.worker()));
        }
    }

    private void committed(Transition transition, Migration after) {
        network.toAgent(store.spec(after.source()));
        network.toAgent(store.spec(after.destination()));
    }

    private void deliver(HostSpec spec) {
        agent(spec.worker()).take(spec);
    }

    private void safetyTick() {
        drains.tick();
        for (MigrationId migration : store.live().stream().map(Migration::id).toList()) {
            reconciler.reconcile(migration);
        }
    }

    private void trouble() {
        if (!trouble) {
            return;
        }
        SimulatedAgent victim = agents.get(random.nextInt(agents.size()));
        switch (random.nextInt(9)) {
            case 0 -> down(victim, "crash", victim::crash);
            case 1 -> down(victim, "reboot", victim::reboot);
            case 2 -> {
                fleet.cut(victim.worker());
                timeline.in(random.nextInt(15_000), "network back", () -> fleet.heal(victim.worker()));
            }
            case 3 -> {
                store.cordon(victim.worker(), true);
                timeline.in(random.nextInt(10_000), "uncordon", () -> store.cordon(victim.worker(), false));
            }
            case 4 -> intend(Intent.HOLD);
            case 5 -> {
                if (random.nextInt(3) == 0) {
                    intend(Intent.ABORT);
                }
            }
            case 6 -> {
                if (random.nextInt(4) == 0) {
                    drains.start(worker(1));
                }
            }
            case 7 -> {
                if (random.nextInt(6) == 0) {
                    drains.cancel(worker(random.nextInt(2)));
                }
            }
            default -> intend(Intent.PROCEED);
        }
    }

    private void down(SimulatedAgent victim, String how, Runnable kill) {
        if (victim.up()) {
            trace.addLast("     " + how + " of " + victim.worker());
            kill.run();
            invariants.crashed(victim);
            timeline.in(random.nextInt(8_000), "agent starts on " + victim.worker(), victim::start);
        }
    }

    private void intend(Intent intent) {
        List<Migration> live = store.live();
        if (!live.isEmpty()) {
            Migration migration = live.get(random.nextInt(live.size()));
            if (migration.intent() != Intent.ABORT) {
                store.intend(migration.id(), intent);
            }
        }
    }

    private void heal() {
        trouble = false;
        network.heal();
        for (SimulatedAgent agent : agents) {
            fleet.heal(agent.worker());
            store.cordon(agent.worker(), false);
        }
        for (Migration migration : store.live()) {
            if (migration.intent() == Intent.HOLD) {
                store.intend(migration.id(), Intent.PROCEED);
            }
        }
    }

    private void recurring(long everyMillis, String name, Runnable action) {
        timeline.in(everyMillis, name, () -> {
            recurring(everyMillis, name, action);
            action.run();
        });
    }

    /** Another replica may act between a read and its commit, and the orchestrator may die right after a commit. */
    private final class AroundTheStore implements SimulatedStore.Surroundings {
        @Override
        public void read(MigrationId migration) {
            if (trouble && !replicaActs && random.nextInt(20) == 0) {
                replicaActs = true;
                try {
                    new MigrationReconciler(store, Simulation.this::committed).reconcile(migration);
                } finally {
                    replicaActs = false;
                }
            }
        }

        @Override
        public void committed(Transition transition, Migration after) {
            trace.addLast("     " + after.id() + " is " + after.state().title());
            invariants.committed(transition, after);
            if (trouble && after.state() == MigrationState.Reversible.CLONING && random.nextInt(6) == 0) {
                // Nothing else would hit so short a state often enough.
                timeline.in(
                        random.nextInt(1_000), "abort in the cutover", () -> store.intend(after.id(), Intent.ABORT));
            }
            if (trouble && random.nextInt(25) == 0) {
                throw new OrchestratorKilled();
            }
        }
    }

    private FakeHost addWorker(int number) {
        WorkerId id = new WorkerId("worker-" + number);
        FakeHost host = fleet.addHost(id);
        host.addPool(POOL, 30L * Workloads.BLOCKS * FakeVolume.BLOCK_BYTES);
        store.add(new WorkerProfile(
                id,
                id.value(),
                new Location("r1", "z" + number % 2, null),
                Map.of(),
                new Portal("127.0.0.1", 3000 + number),
                "iqn.2026-11.io.sluice:host." + id,
                new Capabilities(false, true),
                new ResourceRequest(8_000, 1L << 34)));
        agents.add(new SimulatedAgent(host, timeline, network, random));
        return host;
    }

    private void addContent(FakeHost host) {
        int count = 1 + random.nextInt(3);
        for (int i = 1; i <= count; i++) {
            String name = host.worker() + "-" + i;
            List<VolumeId> volumes = new ArrayList<>();
            for (int v = random.nextInt(5) == 0 ? 2 : 1; v > 0; v--) {
                VolumeId volume = new VolumeId("vol-" + name + "-" + v);
                host.addVolume(volume, POOL, Workloads.BLOCKS);
                volumes.add(volume);
            }
            if (random.nextInt(6) == 0) {
                volumes.forEach(workloads::add);
            } else {
                String group = random.nextInt(3) == 0 ? "cluster" : null;
                var definition = new WorkloadDefinition(
                        new WorkloadId("app-" + name),
                        volumes,
                        "exec",
                        null,
                        group,
                        Map.of(),
                        new ResourceRequest(500, 1 << 20),
                        30,
                        30);
                host.addWorkload(definition, WorkloadStatus.RUNNING);
                workloads.add(definition);
            }
        }
    }

    private WorkerId worker(int index) {
        return agents.get(index).worker();
    }

    private SimulatedAgent agent(WorkerId worker) {
        return agents.stream()
                .filter(agent -> agent.worker().equals(worker))
                .findFirst()
                .orElseThrow();
    }
}
