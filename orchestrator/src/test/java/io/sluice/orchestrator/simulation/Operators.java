package io.sluice.orchestrator.simulation;

import io.sluice.agent.api.MigrationId;
import io.sluice.agent.api.WorkerId;
import io.sluice.orchestrator.drain.Drain;
import io.sluice.orchestrator.drain.DrainLimits;
import io.sluice.orchestrator.drain.DrainMode;
import io.sluice.orchestrator.drain.DrainOrder;
import io.sluice.orchestrator.drain.DrainServices;
import io.sluice.orchestrator.drain.OperatorAction;
import io.sluice.orchestrator.fleet.DrainId;
import io.sluice.orchestrator.migration.Intent;
import io.sluice.orchestrator.migration.Migration;
import io.sluice.orchestrator.migration.Steering;
import io.sluice.orchestrator.migration.Window;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/** People who change their minds: each time one of them does one thing, through any replica that is up. */
final class Operators {
    private static final OperatorAction.By BY = new OperatorAction.By("operator", "");

    private final Replica.World world;
    private final Network network;
    private final SimulatedDrains drains;
    private final CommitInvariants invariants;
    private final RandomGenerator random;

    Operators(Replica.World world, Network network, SimulatedDrains drains, CommitInvariants invariants) {
        this.world = world;
        this.network = network;
        this.drains = drains;
        this.invariants = invariants;
        this.random = world.random();
    }

    void drain(WorkerId worker) {
        DrainMode mode = random.nextBoolean() ? DrainMode.MAINTENANCE : DrainMode.DECOMMISSION;
        DrainOrder order = new DrainOrder(worker, "operator", "", mode, limits());
        tell(Fault.OPERATOR_DRAINS, worker.value(), parts -> parts.drains().start(List.of(order)));
    }

    /** Several at once, placed jointly. */
    private void drainBoth(WorkerId one, WorkerId other) {
        DrainLimits limits = limits();
        tell(
                Fault.OPERATOR_DRAINS,
                one + " and " + other,
                parts -> parts.drains()
                        .start(Stream.of(one, other)
                                .map(worker -> new DrainOrder(worker, "operator", "", DrainMode.MAINTENANCE, limits))
                                .toList()));
    }

    /** Windows and deadlines pass within a life. A compact constructor's class file does not tell which parts may be null. */
    @SuppressWarnings("NullAway")
    private DrainLimits limits() {
        Instant now = world.timeline().now();
        Instant notBefore = random.nextInt(4) == 0 ? now.plusSeconds(random.nextInt(30)) : null;
        LocalTime opens = LocalTime.ofInstant(now.plusSeconds(random.nextInt(40)), ZoneOffset.UTC);
        List<Window> windows = random.nextInt(4) == 0
                ? List.of(new Window(opens, opens.plusHours(1 + random.nextInt(3)), ZoneOffset.UTC))
                : List.of();
        Steering.Missed missed = random.nextBoolean() ? Steering.Missed.ALARM : Steering.Missed.PAUSE;
        Steering.Deadline deadline =
                random.nextInt(4) == 0 ? new Steering.Deadline(now.plusSeconds(random.nextInt(10, 200)), missed) : null;
        return new DrainLimits(
                1 + random.nextInt(4), 1 + random.nextInt(3), random.nextInt(-2, 3), notBefore, windows, deadline);
    }

    /** Lifts every hold, pause and cordon, and puts off what was missed. */
    @SuppressWarnings("NullAway")
    void comeToReason(List<SimulatedAgent> agents) {
        for (Migration migration : world.database().live()) {
            if (migration.intent() == Intent.HOLD) {
                world.database().intend(migration.id(), Intent.PROCEED);
            }
        }
        for (Drain drain : world.database().drains()) {
            drains.pause(drain.id(), false);
            DrainLimits limits = drain.order().limits();
            invariants.limitsChange(drain.id(), limits.perSource(), limits.perDestination());
            drains.change(
                    drain.id(),
                    new DrainLimits(
                            limits.perSource(), limits.perDestination(), limits.priority(), null, List.of(), null));
        }
        for (SimulatedAgent agent : agents) {
            world.database().put(world.database().worker(agent.worker()).cordoned(agent.gone()));
        }
    }

    void act(List<SimulatedAgent> agents) {
        WorkerId worker = agents.get(random.nextInt(agents.size())).worker();
        WorkerId other = agents.get(random.nextInt(agents.size())).worker();
        Drain drain = world.database().openDrain(worker);
        switch (random.nextInt(20)) {
            case 0, 1 -> {
                if (drain == null && random.nextInt(2) == 0) {
                    drain(worker);
                }
            }
            case 2 -> {
                if (!worker.equals(other) && random.nextInt(2) == 0) {
                    drainBoth(worker, other);
                }
            }
            case 3 -> {
                if (drain != null && random.nextInt(2) == 0) {
                    tell(
                            Fault.OPERATOR_CANCELS,
                            drain.id().value(),
                            parts -> parts.drains().cancel(drain.id(), BY));
                }
            }
            case 4, 5 ->
                tell(
                        Fault.OPERATOR_CORDONS,
                        worker.value(),
                        parts -> parts.drains().cordon(worker));
            case 6, 7 ->
                tell(
                        Fault.OPERATOR_UNCORDONS,
                        worker.value(),
                        parts -> parts.drains().uncordon(worker));
            case 8, 9, 10, 11, 12 -> steer();
            default -> steerMigration();
        }
    }

    private void tell(Fault what, String about, Consumer<DrainServices.Parts> order) {
        Replica replica =
                network.replicas().get(random.nextInt(network.replicas().size()));
        if (replica.up()) {
            world.chronicle().fault(what, about);
            replica.operate(what.toString(), order);
        }
    }

    void retry(MigrationId id) {
        tell(Fault.OPERATOR_RETRIES, id.value(), parts -> parts.steering().retry(id, BY));
    }

    private void steer() {
        List<Drain> moving =
                world.database().drains().stream().filter(Drain::moving).toList();
        if (moving.isEmpty()) {
            return;
        }
        Drain drain = moving.get(random.nextInt(moving.size()));
        DrainId id = drain.id();
        if (drain.pausedAt() != null) {
            tell(Fault.OPERATOR_RESUMES, id.value(), parts -> parts.steering().resume(id, BY));
        } else if (random.nextInt(3) == 0) {
            tell(Fault.OPERATOR_PAUSES, id.value(), parts -> parts.steering().pause(id, BY));
        } else {
            DrainLimits next = limits();
            invariants.limitsChange(id, drain.order().perSource(), drain.order().perDestination());
            tell(
                    Fault.OPERATOR_CHANGES_LIMITS,
                    id.value(),
                    parts -> parts.steering().change(id, next, BY));
        }
    }

    private void steerMigration() {
        List<SimulatedDatabase.MigrationRow> all = world.database().migrations();
        if (all.isEmpty()) {
            return;
        }
        Migration migration = all.get(random.nextInt(all.size())).migration();
        MigrationId id = migration.id();
        if (!migration.live()) {
            retry(id);
            return;
        }
        switch (random.nextInt(5)) {
            case 0, 1 ->
                tell(Fault.OPERATOR_HOLDS, id.value(), parts -> parts.steering().hold(id, BY));
            case 2, 3 ->
                tell(
                        Fault.OPERATOR_PROCEEDS,
                        id.value(),
                        parts -> parts.steering().proceed(id, BY));
            default ->
                tell(
                        Fault.OPERATOR_ABORTS,
                        id.value(),
                        parts -> parts.steering().abort(id, BY));
        }
    }
}
