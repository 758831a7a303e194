package io.sluice.orchestrator.simulation;

import io.sluice.agent.api.MigrationId;
import io.sluice.agent.api.RegisterRequest.Location;
import io.sluice.agent.api.WorkerId;
import io.sluice.orchestrator.drain.Drain;
import io.sluice.orchestrator.drain.DrainLimits;
import io.sluice.orchestrator.drain.DrainMode;
import io.sluice.orchestrator.drain.DrainOptions;
import io.sluice.orchestrator.drain.DrainOrder;
import io.sluice.orchestrator.drain.DrainServices;
import io.sluice.orchestrator.drain.OperatorAction;
import io.sluice.orchestrator.fleet.Ceiling;
import io.sluice.orchestrator.fleet.Ceilings;
import io.sluice.orchestrator.fleet.DrainId;
import io.sluice.orchestrator.fleet.Link;
import io.sluice.orchestrator.migration.Intent;
import io.sluice.orchestrator.migration.Migration;
import io.sluice.orchestrator.migration.Steering;
import io.sluice.orchestrator.migration.Window;
import io.sluice.orchestrator.retention.RetainedCopy;
import io.sluice.orchestrator.retention.RetainedCopy.Verdict;
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

    private static final List<Link.Scope> SCOPES = List.of(Link.Scope.values());

    /** Far below what copies without a ceiling reach together, and enough that all of them come to an end within a life. */
    private static final long LEAST_CEILING = 8_000;

    private static final long MOST_CEILING = 60_000;

    /** All have reported by then. */
    private static final long RUSH_MILLIS = 450;

    private final Replica.World world;
    private final Network network;
    private final SimulatedDrains drains;
    private final SimulatedPacing pacing;
    private final SimulatedRetention retention;
    private final HostInvariants hosts;
    private final CommitInvariants invariants;
    private final RandomGenerator random;
    private final Permissions permissions;

    /** In the other half of the lives nobody ever sets a ceiling, so that what they would slow down has its full speed. */
    private final boolean setsCeilings;

    Operators(
            Replica.World world,
            Network network,
            SimulatedDrains drains,
            SimulatedPacing pacing,
            SimulatedRetention retention,
            CommitInvariants invariants,
            HostInvariants hosts,
            Permissions permissions) {
        this.permissions = permissions;
        this.world = world;
        this.pacing = pacing;
        this.retention = retention;
        this.hosts = hosts;
        this.network = network;
        this.drains = drains;
        this.invariants = invariants;
        this.random = world.random();
        this.setsCeilings = random.nextBoolean();
    }

    void drain(WorkerId worker) {
        DrainMode mode = random.nextBoolean() ? DrainMode.MAINTENANCE : DrainMode.DECOMMISSION;
        DrainOrder order = new DrainOrder(worker, "operator", "", mode, limits(), options());
        tell(Fault.OPERATOR_DRAINS, worker.value(), parts -> parts.drains().start(List.of(order)));
    }

    /**
     * Half the fleet at once, each worker by another operator, where there is one slot for all on each destination, or one place for
     * all below a ceiling, or little bandwidth for all.
     */
    @SuppressWarnings("NullAway")
    void rush(List<SimulatedAgent> agents) {
        Link all = new Link(Link.Scope.FLEET, Link.FLEET_NAME, Link.Direction.IN);
        int most = 1;
        switch (random.nextInt(3)) {
            case 0 -> {
                pacing.set(all, new Ceiling(1, null), "operator");
                most = 3;
            }
            case 1 -> {
                pacing.set(all, new Ceiling(null, LEAST_CEILING), "operator");
                most = 3;
            }
            default -> {}
        }
        DrainLimits tight = new DrainLimits(most, most, 0, null, List.of(), null);
        for (SimulatedAgent agent : agents.subList(0, agents.size() / 2)) {
            DrainOrder order = new DrainOrder(agent.worker(), "operator", "", DrainMode.MAINTENANCE, tight);
            world.timeline()
                    .in(
                            RUSH_MILLIS + random.nextInt(50),
                            "rush",
                            () -> tell(
                                    Fault.OPERATOR_DRAINS,
                                    agent.worker().value(),
                                    parts -> parts.drains().start(List.of(order))));
        }
    }

    /** Several at once, placed jointly. */
    private void drainBoth(WorkerId one, WorkerId other) {
        DrainLimits limits = limits();
        DrainOptions options = options();
        tell(
                Fault.OPERATOR_DRAINS,
                one + " and " + other,
                parts -> parts.drains()
                        .start(Stream.of(one, other)
                                .map(worker ->
                                        new DrainOrder(worker, "operator", "", DrainMode.MAINTENANCE, limits, options))
                                .toList()));
    }

    private DrainOptions options() {
        Long retain = random.nextInt(3) == 0 ? Long.valueOf(random.nextInt(30)) : null;
        return new DrainOptions(retain, retain == null && random.nextInt(8) == 0);
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
                1 + random.nextInt(4),
                1 + random.nextInt(3),
                priority(),
                notBefore,
                windows,
                deadline,
                permissions.draw());
    }

    /** Most differ by little; some by so much that one has many times the other's share. */
    private int priority() {
        return random.nextInt(5) == 0 ? random.nextInt(-100, 101) : random.nextInt(-2, 3);
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
                            limits.perSource(),
                            limits.perDestination(),
                            limits.priority(),
                            null,
                            List.of(),
                            null,
                            limits.thirdParty()));
        }
        // Those on bytes stay: copying ends under them all the same.
        pacing.ceilings().set().forEach((link, ceiling) -> {
            Ceiling onBytes = new Ceiling(null, ceiling.bytesPerSecond());
            pacing.set(link, onBytes.equals(Ceiling.NONE) ? null : onBytes, "operator");
        });
        for (SimulatedAgent agent : agents) {
            world.database().put(world.database().worker(agent.worker()).cordoned(agent.gone()));
        }
    }

    void act(List<SimulatedAgent> agents) {
        WorkerId worker = agents.get(random.nextInt(agents.size())).worker();
        WorkerId other = agents.get(random.nextInt(agents.size())).worker();
        Drain drain = world.database().openDrain(worker);
        switch (random.nextInt(23)) {
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
            case 13, 14 -> setCeiling(worker);
            case 15, 16 -> decideOverCopy();
            default -> steerMigration();
        }
    }

    /** Where there are ceilings, one is there from the beginning in most lives, and so low that copies meet under it. */
    void begin() {
        if (setsCeilings && random.nextInt(4) != 0) {
            Link all = new Link(Link.Scope.FLEET, Link.FLEET_NAME, Link.Direction.OUT);
            pacing.set(all, new Ceiling(null, random.nextLong(LEAST_CEILING, 2 * LEAST_CEILING)), "operator");
        }
    }

    /** Keeping is asked for more often than deleting, and often at the last moment. */
    private void decideOverCopy() {
        List<RetainedCopy> copies = retention.copies();
        Replica replica =
                network.replicas().get(random.nextInt(network.replicas().size()));
        if (copies.isEmpty() || !replica.up()) {
            return;
        }
        RetainedCopy.Key copy = copies.get(random.nextInt(copies.size())).key();
        if (random.nextInt(4) == 0) {
            world.chronicle().fault(Fault.OPERATOR_DELETES_COPY, copy.toString());
            hosts.deletable(copy);
            replica.retain(copy, Verdict.DELETE, deleted -> {});
        } else {
            world.chronicle().fault(Fault.OPERATOR_KEEPS_COPY, copy.toString());
            replica.retain(copy, Verdict.KEEP, keeps -> {
                if (keeps) {
                    hosts.kept(copy);
                }
            });
        }
    }

    private void setCeiling(WorkerId worker) {
        if (!setsCeilings) {
            return;
        }
        Location at = world.database().worker(worker).profile().location();
        Link.Scope scope = SCOPES.get(random.nextInt(SCOPES.size()));
        String name = switch (scope) {
            case WORKER -> worker.value();
            case RACK -> String.valueOf(at.rack());
            case ZONE -> String.valueOf(at.zone());
            case REGION -> String.valueOf(at.region());
            case FLEET -> Link.FLEET_NAME;
        };
        Link link = new Link(
                scope,
                random.nextInt(4) == 0 ? Ceilings.EACH : name,
                random.nextBoolean() ? Link.Direction.IN : Link.Direction.OUT);
        Integer migrations = random.nextInt(3) == 0 ? random.nextInt(4) : null;
        Long bytes = random.nextInt(3) == 0 ? null : Long.valueOf(random.nextLong(LEAST_CEILING, MOST_CEILING));
        Ceiling ceiling = new Ceiling(migrations, bytes);
        Replica replica =
                network.replicas().get(random.nextInt(network.replicas().size()));
        if (replica.up()) {
            world.chronicle().fault(Fault.OPERATOR_SETS_CEILINGS, link + " to " + ceiling);
            replica.set(link, ceiling.equals(Ceiling.NONE) ? null : ceiling);
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
