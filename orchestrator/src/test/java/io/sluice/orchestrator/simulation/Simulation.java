package io.sluice.orchestrator.simulation;

import io.sluice.agent.api.VolumeRole;
import io.sluice.agent.reconcile.VolumeState;
import io.sluice.agent.testing.FakeFleet;
import io.sluice.agent.testing.FakeHost;
import io.sluice.orchestrator.ceiling.Grant;
import io.sluice.orchestrator.migration.Generations;
import io.sluice.orchestrator.migration.Intent;
import io.sluice.orchestrator.migration.Migration;
import io.sluice.orchestrator.migration.MigrationState;
import io.sluice.orchestrator.migration.Transition;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/**
 * One seeded life of a fleet: for a while everything goes wrong that can; then all that can be mended is mended, and every drain
 * must end drained or name its reason. One thread; time is a number.
 */
final class Simulation {
    private static final int REPLICAS = 3;
    private static final int SHORTEST_TROUBLE_MILLIS = 15_000;
    private static final int LONGEST_TROUBLE_MILLIS = 100_000;

    /** Above the slowest retry, a silence noticed and a tick together: who has not moved by then does not move by itself. */
    private static final long STILL_MILLIS = 120_000;

    /** When nothing is under way: above a retention, a heartbeat and a tick together. */
    private static final long QUIET_MILLIS = 60_000;

    private static final long HYDRATE_MILLIS = 900;
    private static final long END_MILLIS = 1_500_000;
    private static final int MOST_EVENTS = 60_000;

    /** A pause lets others act; a second one within it is enough to have two zombies at once. */
    private static final int MOST_PAUSES_AT_ONCE = 2;

    private final RandomGenerator random;
    private final Permissions permissions;
    private final WritingOff writingOff;
    private final Replica.World world;
    private final Timeline timeline = new Timeline();
    private final Chronicle chronicle;
    private final FakeFleet fakes = new FakeFleet();
    private final SimulatedDatabase database = new SimulatedDatabase(timeline::now);
    private final List<SimulatedAgent> agents = new ArrayList<>();
    private final Chaos chaos;
    private final Network network;
    private final Workloads workloads;
    private final CommitInvariants commits;
    private final HostInvariants hosts;
    private final CeilingInvariants ceilings;
    private final Operators operators;
    private final Troubles troubles;
    private final FleetBuilder builder;
    private boolean insistsOnRetries;
    private boolean trouble = true;
    private long lastMove;
    private int pauses;
    private int events;

    /** With whatever weather the seed brings. */
    static Simulation ofSeed(long seed, Flaw flaw, Consumer<String> reader) {
        RandomGenerator random = new SplittableRandom(seed);
        return new Simulation(
                random, Permissions.ofSeed(seed), WritingOff.ofSeed(seed), new Climate(random), flaw, reader);
    }

    /** Where no drain may move what is others'. */
    Simulation(RandomGenerator random, Chaos chaos, Flaw flaw, Consumer<String> reader) {
        this(random, Permissions.NONE, WritingOff.NONE, chaos, flaw, reader);
    }

    private Simulation(
            RandomGenerator random,
            Permissions permissions,
            WritingOff writingOff,
            Chaos chaos,
            Flaw flaw,
            Consumer<String> reader) {
        this.random = random;
        this.permissions = permissions;
        this.writingOff = writingOff;
        this.chaos = chaos;
        chronicle = new Chronicle(timeline, reader);
        network = new Network(timeline, chaos, chronicle, random);
        workloads = new Workloads(agents, random);
        commits = new CommitInvariants(timeline, database, agents, chronicle.statistics());
        hosts = new HostInvariants(timeline, database, agents, workloads, chronicle.statistics());
        SimulatedPacing pacing = new SimulatedPacing(database, flaw, new SimulatedPacing.Listener() {
            @Override
            public void ceilingsChanged() {
                ceilings.ceilingsChanged();
            }

            @Override
            public void granted(Migration migration, List<Grant> grants, Generations with) {
                chronicle.tell(migration.id() + " may copy " + grants);
                ceilings.granted(migration, grants, with);
                network.changed(migration.source());
                network.changed(migration.destination());
            }
        });
        SimulatedRetention retention = new SimulatedRetention(database, flaw, network::changed);
        ceilings = new CeilingInvariants(timeline, database, pacing, agents, chronicle.statistics());
        world = new Replica.World(timeline, database, chaos, chronicle, random);
        builder = new FleetBuilder(database, fakes, random, permissions, host -> agent(host, world, flaw));
        SimulatedDrains drains = new SimulatedDrains(database, flaw, commits::adopted, hosts::drained);
        Replica.Stores stores = new Replica.Stores(
                new SimulatedMigrationStore(database, pacing, retention, flaw, this::committed),
                drains,
                new SimulatedHostStore(database, pacing, retention, flaw),
                pacing,
                retention,
                new Lease(timeline, flaw.leaseMillis()));
        for (int i = 1; i <= REPLICAS; i++) {
            network.add(new Replica("replica-" + i, world, stores, this::pass));
        }
        operators = new Operators(world, network, drains, pacing, retention, commits, hosts, permissions);
        troubles = new Troubles(world, fakes, network, hosts);
    }

    private SimulatedAgent agent(FakeHost host, Replica.World world, Flaw flaw) {
        SimulatedAgent agent = new SimulatedAgent(host, world, network, flaw);
        agents.add(agent);
        return agent;
    }

    /** Runs to the end; an {@link AssertionError} tells what was violated and what happened just before. */
    void run() {
        int workers = 3 + random.nextInt(3);
        for (int i = 0; i < workers; i++) {
            int content = random.nextInt(4);
            int room = permissions.room(2 * content + 1 + random.nextInt(9), content);
            builder.content(builder.worker(room), content, workloads);
        }
        builder.content(builder.worker(permissions.room(6, 1)), 1, workloads);
        operators.begin();
        if (chaos.sleepy() || random.nextInt(12) == 0) {
            operators.rush(agents);
        }
        recurring(2_500, "trouble", () -> troubles.strike(agents));
        recurring(3_000, "operators", () -> operators.act(agents));
        if (writingOff.given()) {
            recurring(4_000, "operators", () -> writingOff.act(world, network, agents));
        }
        long troubleMillis = random.nextInt(SHORTEST_TROUBLE_MILLIS, LONGEST_TROUBLE_MILLIS);
        timeline.in(troubleMillis, "all is healed", this::heal);
        live();
    }

    /** A small fleet without troubles of its own: one worker to be drained and two to take what is on it. */
    void runSmall() {
        trouble = false;
        insistsOnRetries = true;
        builder.content(builder.worker(8), 2, workloads);
        builder.worker(8);
        builder.worker(8);
        live();
    }

    /** For a while in a small life nobody can read where the drained worker keeps what it retired. */
    void hideRetired(long fromMillis, long forMillis) {
        timeline.in(fromMillis, "the pool of what is drained cannot be read", () -> hideRetired(true));
        timeline.in(fromMillis + forMillis, "it can be read again", () -> hideRetired(false));
    }

    private void hideRetired(boolean hidden) {
        SimulatedAgent drained = agents.getFirst();
        drained.host().hideRetiredCopies(hidden);
        drained.touch();
    }

    /** Copies that lie on some host and are what it retired. */
    List<VolumeState> retired() {
        return agents.stream()
                .flatMap(agent -> agent.host().copies().stream())
                .filter(copy -> copy.role() == VolumeRole.RETIRED)
                .toList();
    }

    private void live() {
        agents.forEach(SimulatedAgent::start);
        network.replicas().forEach(Replica::start);
        timeline.in(500, "first drain", this::insist);
        recurring(700, "", workloads::write);
        recurring(HYDRATE_MILLIS, "", this::hydrate);
        try {
            loop(END_MILLIS);
            new Verdict(database, agents, workloads, hosts, chronicle.statistics()).pass();
        } catch (AssertionError | RuntimeException e) {
            throw new AssertionError(e + "\nlast events:\n  " + String.join("\n  ", chronicle.last()), e);
        }
        chronicle.statistics().lived(timeline.elapsedMillis());
    }

    /** Who asks for a drain and gets no answer asks again. */
    private void insist() {
        if (database.drains().isEmpty()) {
            operators.drain(agents.getFirst().worker());
            timeline.in(2_000, "first drain, again", this::insist);
        }
    }

    /** What an operator gave up stays so until it is asked for again: who wants the drain to end asks until that is heard. */
    private void insistOnRetry(Migration givenUp) {
        boolean heard = database.migrations().stream()
                .map(SimulatedDatabase.MigrationRow::migration)
                .anyMatch(later ->
                        later.cargo().name().equals(givenUp.cargo().name()) && later.epoch() > givenUp.epoch());
        if (!heard) {
            operators.retry(givenUp.id());
            lastMove = timeline.elapsedMillis();
            timeline.in(2_000, "retry of " + givenUp.id() + ", again", () -> insistOnRetry(givenUp));
        }
    }

    private void hydrate() {
        for (SimulatedAgent agent : agents) {
            if (agent.up() && agent.host().hydrateFor(HYDRATE_MILLIS) > 0) {
                agent.touch();
            }
        }
        ceilings.measure();
    }

    private void loop(long until) {
        for (Timeline.Event event = timeline.next(until); event != null; event = timeline.next(until)) {
            if (!trouble && pauses == 0 && atRest()) {
                return;
            }
            if (++events > MOST_EVENTS) {
                throw new AssertionError("it does not come to rest: " + MOST_EVENTS + " events");
            }
            if (event.name().isEmpty()) {
                chronicle.routine();
            } else {
                chronicle.event(event.name());
            }
            event.action().run();
            ceilings.check();
            hosts.check();
        }
    }

    private boolean atRest() {
        long still = timeline.elapsedMillis() - lastMove;
        return still > STILL_MILLIS || (still > QUIET_MILLIS && database.live().isEmpty());
    }

    /** Lets everybody else go on for so long, in the middle of what somebody does. */
    private boolean pass(long millis) {
        if (pauses >= MOST_PAUSES_AT_ONCE) {
            return false;
        }
        pauses++;
        try {
            loop(timeline.elapsedMillis() + millis);
        } finally {
            pauses--;
        }
        return true;
    }

    private void committed(Transition transition, Migration after) {
        lastMove = timeline.elapsedMillis();
        chronicle.moved(transition, after);
        commits.committed(transition, after);
        hosts.committed(transition, after);
        ceilings.committed(after);
        if (after.state() == MigrationState.Terminal.DONE && database.isThirdParty(after.id())) {
            statistics().madeRoom();
        }
        if (insistsOnRetries && after.state() == MigrationState.Terminal.ABORTED) {
            timeline.in(1_000, "retry of " + after.id(), () -> insistOnRetry(after));
        }
        Intent wish = chaos.entered(after.state());
        if (wish != null) {
            timeline.in(0, wish + " of " + after.id(), () -> database.intend(after.id(), wish));
        }
        if (transition.asksSource()) {
            network.changed(after.source());
        }
        if (transition.asksDestination()) {
            network.changed(after.destination());
        }
    }

    private void heal() {
        trouble = false;
        lastMove = timeline.elapsedMillis();
        chaos.calm();
        troubles.end(agents);
        comeToReason();
        // What was asked of a replica that stood still then is done after that.
        timeline.in(30_000, "operators look again", this::comeToReason);
    }

    private void comeToReason() {
        operators.comeToReason(agents);
        writingOff.comeToReason(world, agents);
    }

    private void recurring(long everyMillis, String name, Runnable action) {
        timeline.in(everyMillis, name, () -> {
            boolean forTrouble = name.equals("trouble") || name.equals("operators");
            if (trouble || !forTrouble) {
                recurring(everyMillis, name, action);
                action.run();
            }
        });
    }

    Statistics statistics() {
        return chronicle.statistics();
    }

    /** The same for the same seed, everywhere. */
    long digest() {
        return chronicle.digest();
    }
}
