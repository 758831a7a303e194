package io.sluice.orchestrator.simulation;

import io.sluice.agent.api.HostReport;
import io.sluice.agent.api.HostSpec;
import io.sluice.agent.api.WorkerId;
import io.sluice.orchestrator.agents.HostStore;
import io.sluice.orchestrator.ceiling.CeilingStore;
import io.sluice.orchestrator.ceiling.Pacer;
import io.sluice.orchestrator.ceiling.Pacers;
import io.sluice.orchestrator.ceiling.PacingStore;
import io.sluice.orchestrator.drain.DrainReader;
import io.sluice.orchestrator.drain.DrainServices;
import io.sluice.orchestrator.drain.DrainStore;
import io.sluice.orchestrator.drain.SteeringStore;
import io.sluice.orchestrator.drain.WriteOffStore;
import io.sluice.orchestrator.fleet.Ceiling;
import io.sluice.orchestrator.fleet.DrainId;
import io.sluice.orchestrator.fleet.Link;
import io.sluice.orchestrator.migration.Migration;
import io.sluice.orchestrator.migration.MigrationReconciler;
import io.sluice.orchestrator.migration.MigrationState;
import io.sluice.orchestrator.migration.MigrationStore;
import io.sluice.orchestrator.migration.Transition;
import io.sluice.orchestrator.retention.RetainedCopy;
import io.sluice.orchestrator.retention.RetentionService;
import io.sluice.orchestrator.retention.RetentionStore;
import io.sluice.orchestrator.retention.Retentions;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * One orchestrator: the real reconciler and drain logic behind a connection of its own, the held calls of its agents, and its
 * ticks. It can be killed, and stopped in mid-decision while the others go on.
 */
final class Replica implements Connection.Replica {
    private static final long TICK_MILLIS = 10_000;
    private static final long PACE_AGAIN_MILLIS = 200;
    private static final long LONGEST_PAUSE_MILLIS = 20_000;
    private static final long LONGEST_DOWN_MILLIS = 10_000;

    /** What all replicas share. */
    record World(
            Timeline timeline, SimulatedDatabase database, Chaos chaos, Chronicle chronicle, RandomGenerator random) {}

    /** Lets the world go on for so long; false when that is not possible now. */
    @FunctionalInterface
    interface Passage {
        boolean pass(long millis);
    }

    /** The stores, shared by all. */
    record Stores(
            SimulatedMigrationStore migrations,
            SimulatedDrains drains,
            SimulatedHostStore hosts,
            SimulatedPacing pacing,
            SimulatedRetention retention,
            Lease lease) {}

    /** Work of one replica on what it decides with. */
    @FunctionalInterface
    private interface Deciding {
        void run(Run run);
    }

    private record Held(long applied, Network.Answer answer) {}

    /** What lives as long as one process. */
    private record Run(
            Connection connection,
            MigrationReconciler reconciler,
            DrainServices.Parts parts,
            DrainReader reader,
            HostStore hosts,
            Pace pace,
            RetentionService retention,
            Map<WorkerId, Held> held) {}

    /** The real pacing, and its stores. */
    private record Pace(Pacer pacer, PacingStore store, CeilingStore ceilings) {}

    private final String name;
    private final World world;
    private final Stores stores;
    private final Passage passage;
    private @Nullable Run run;
    private long stoppedUntil;
    private boolean paceDue;

    Replica(String name, World world, Stores stores, Passage passage) {
        this.name = name;
        this.world = world;
        this.stores = stores;
        this.passage = passage;
    }

    void start() {
        if (run == null) {
            Connection connection = new Connection(world.database(), world.chaos(), world.chronicle(), this, name);
            MigrationReconciler reconciler =
                    new MigrationReconciler(connection.to(MigrationStore.class, stores.migrations()), this::committed);
            DrainReader reader = connection.to(DrainReader.class, stores.drains());
            DrainServices.Parts drains = DrainServices.of(
                    connection.to(DrainStore.class, stores.drains()),
                    reader,
                    connection.to(SteeringStore.class, stores.drains()),
                    connection.to(WriteOffStore.class, stores.drains()),
                    reconciler,
                    (what, work) -> connection.within(what, work::run));
            HostStore hosts = connection.to(HostStore.class, stores.hosts());
            PacingStore pacing = connection.to(PacingStore.class, stores.pacing());
            CeilingStore ceilings = connection.to(CeilingStore.class, stores.pacing());
            Pace pace = new Pace(Pacers.of(pacing, ceilings), pacing, ceilings);
            RetentionService retention = Retentions.of(connection.to(RetentionStore.class, stores.retention()));
            Run mine = new Run(connection, reconciler, drains, reader, hosts, pace, retention, new LinkedHashMap<>());
            paceDue = false;
            run = mine;
            tick(mine);
        }
    }

    boolean up() {
        return run != null;
    }

    @Override
    public void kill() {
        if (run != null) {
            run.connection().sever();
            run = null;
            world.timeline().in(world.random().nextLong(LONGEST_DOWN_MILLIS), name + " starts", this::start);
        }
    }

    @Override
    public void pause() {
        long millis = 100 + world.random().nextLong(LONGEST_PAUSE_MILLIS);
        stoppedUntil = Math.max(stoppedUntil, world.timeline().elapsedMillis() + millis);
        if (passage.pass(millis)) {
            world.chronicle().tell(name + " goes on after " + millis + " ms");
        }
        stoppedUntil = 0;
    }

    /** One agent's call. */
    void sync(HostReport report, Network.Answer answer) {
        if (run == null) {
            answer.failed();
            return;
        }
        decide("sync", mine -> {
            try {
                if (!mine.hosts().take(report)) {
                    answer.spec(mine.hosts().spec(report.worker()));
                    return;
                }
                reconcile(mine, report.worker());
                mine.held().put(report.worker(), new Held(report.appliedGeneration(), answer));
                answerHeld(mine, report.worker());
            } catch (Connection.Lost e) {
                answer.failed();
                throw e;
            }
        });
    }

    private void reconcile(Run mine, WorkerId worker) {
        if (stores.lease().mayDecide(this)) {
            mine.reconciler().reported(worker);
        }
    }

    /** Something may have changed for the worker. */
    void wake(WorkerId worker) {
        if (run != null && run.held().containsKey(worker)) {
            decide("wake", mine -> answerHeld(mine, worker));
        }
    }

    private static void answerHeld(Run mine, WorkerId worker) {
        HostSpec spec = mine.hosts().spec(worker);
        Held held = mine.held().get(worker);
        if (held != null && spec.generation() > held.applied()) {
            mine.held().remove(worker);
            held.answer().spec(spec);
        }
    }

    private void committed(Transition transition, Migration after) {
        if (transition.asksSource()) {
            soon("wakes " + after.source(), mine -> answerHeld(mine, after.source()));
        }
        if (transition.asksDestination()) {
            soon("wakes " + after.destination(), mine -> answerHeld(mine, after.destination()));
        }
        MigrationState.ForwardOnly copying = MigrationState.ForwardOnly.HYDRATING;
        if (after.state() == copying
                || transition.from().state() == copying
                || after.state() instanceof MigrationState.Terminal) {
            paceIn(1);
        }
        if (after.state() == MigrationState.Terminal.ABORTED) {
            soon("looks after " + after.drain(), mine -> lookAfter(mine, after.drain()));
        } else if (after.state() == MigrationState.Terminal.DONE) {
            soon("concludes " + after.drain(), mine -> conclude(mine, after.drain()));
        }
    }

    private void paceIn(long millis) {
        if (!paceDue) {
            paceDue = true;
            Run mine = run;
            world.timeline().in(millis, "", () -> {
                if (mine != null && isStill(mine)) {
                    decide("pace", this::pace);
                }
            });
        }
    }

    private void pace(Run mine) {
        paceDue = false;
        if (mine.pace().pacer().round() == Pacer.Outcome.UNDER_WAY) {
            paceIn(PACE_AGAIN_MILLIS);
        }
        mine.pace().store().waiting().forEach(mine.reconciler()::reconcile);
    }

    /** What an operator sets through this replica; nothing happens while it is down. */
    void set(Link link, @Nullable Ceiling ceiling) {
        decide("ceiling", mine -> {
            mine.pace().ceilings().set(link, ceiling, "operator");
            paceIn(1);
        });
    }

    /** What an operator decides over a copy through this replica; nothing happens while it is down. */
    void retain(RetainedCopy.Key copy, RetainedCopy.Verdict verdict, Consumer<Boolean> answer) {
        decide(
                "copy",
                mine -> answer.accept(
                        switch (verdict) {
                            case KEEP -> mine.retention().keep(copy, "operator");
                            case DELETE -> mine.retention().delete(copy, "operator");
                        }));
    }

    private void soon(String what, Deciding work) {
        world.timeline().in(1, name + " " + what, () -> decide(what, work));
    }

    private void tick(Run mine) {
        world.timeline().in(TICK_MILLIS - world.random().nextInt(2_000), "", () -> {
            if (isStill(mine)) {
                tick(mine);
                decide("tick", this::lookAfterAll);
                decide("pace", this::pace);
                decide("retention", still -> still.retention().look());
                // where nothing is left behind it finds nothing, and lives without written-off workers are to stay as
                // they are
                if (world.database().anythingLeftBehind()) {
                    decide("written off", still -> still.parts().writeOffs().look());
                }
            }
        });
    }

    private boolean isStill(Run mine) {
        return run != null && run.connection().equals(mine.connection());
    }

    private void lookAfterAll(Run mine) {
        mine.reader().openDrains().forEach(drain -> lookAfter(mine, drain.id()));
    }

    private void conclude(Run mine, DrainId drain) {
        if (stores.lease().mayDecide(this)) {
            mine.parts().drains().conclude(drain);
        }
    }

    private void lookAfter(Run mine, DrainId drain) {
        if (stores.lease().mayDecide(this)) {
            mine.parts().drains().lookAfter(drain);
        }
    }

    /** What an operator asks of this replica; nothing happens while it is down. */
    void operate(String what, Consumer<DrainServices.Parts> order) {
        decide(what, mine -> order.accept(mine.parts()));
    }

    /** A process that is stopped does what is asked of it when it goes on. */
    private void decide(String what, Deciding work) {
        Run mine = run;
        if (mine == null) {
            return;
        }
        if (stoppedUntil > world.timeline().elapsedMillis()) {
            long left = stoppedUntil - world.timeline().elapsedMillis();
            world.timeline().in(left, name + " goes on with " + what, () -> {
                if (isStill(mine)) {
                    decide(what, work);
                }
            });
            return;
        }
        try {
            work.run(mine);
        } catch (Connection.Lost e) {
            world.chronicle().tell(name + " fails in " + what);
        } catch (Connection.Killed e) {
            world.chronicle().tell(name + " dies in " + what);
        }
    }

    @Override
    public String toString() {
        return name;
    }
}
