package io.sluice.orchestrator.simulation;

import io.sluice.agent.testing.FakeFleet;
import io.sluice.orchestrator.migration.Migration;
import io.sluice.orchestrator.migration.MigrationState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;

/** What befalls a host or a replica as a whole. A life has its own selection of it. */
final class Troubles {
    private static final List<Fault> KINDS = List.of(
            Fault.AGENT_CRASHED,
            Fault.HOST_REBOOTED,
            Fault.NETWORK_CUT,
            Fault.EXPORTS_LOST,
            Fault.CLOCK_MOVED,
            Fault.DISK_FULL,
            Fault.REPLICA_KILLED,
            Fault.COPY_SPOILED,
            Fault.HOST_DEAD,
            Fault.HOST_WIPED);

    private final Replica.World world;
    private final FakeFleet fleet;
    private final Network network;
    private final HostInvariants invariants;
    private final RandomGenerator random;
    private final List<Fault> chosen = new ArrayList<>();

    Troubles(Replica.World world, FakeFleet fleet, Network network, HostInvariants invariants) {
        this.world = world;
        this.fleet = fleet;
        this.network = network;
        this.invariants = invariants;
        this.random = world.random();
        Set<Fault> rare = EnumSet.of(Fault.HOST_DEAD, Fault.HOST_WIPED, Fault.COPY_SPOILED);
        for (Fault kind : KINDS) {
            if (random.nextInt(rare.contains(kind) ? 8 : 2) == 0) {
                chosen.add(kind);
            }
        }
    }

    /** One of those that this life has befalls somebody. */
    void strike(List<SimulatedAgent> agents) {
        if (chosen.isEmpty()) {
            return;
        }
        SimulatedAgent victim = agents.get(random.nextInt(agents.size()));
        Fault fault = chosen.get(random.nextInt(chosen.size()));
        String about = victim.worker().value();
        switch (fault) {
            case AGENT_CRASHED, HOST_REBOOTED -> down(victim, fault);
            case NETWORK_CUT -> {
                world.chronicle().fault(fault, about);
                fleet.cut(victim.worker());
                world.timeline()
                        .in(
                                random.nextInt(15_000),
                                "network of " + about + " is back",
                                () -> fleet.heal(victim.worker()));
            }
            case EXPORTS_LOST -> {
                world.chronicle().fault(fault, about);
                victim.loseExports();
            }
            case CLOCK_MOVED -> {
                world.chronicle().fault(fault, about);
                victim.moveClock(Duration.ofSeconds(random.nextInt(-7_200, 7_200)));
            }
            case DISK_FULL -> {
                world.chronicle().fault(fault, about);
                victim.host().fillPool(FleetBuilder.POOL, Long.MAX_VALUE / 2);
                world.timeline()
                        .in(
                                random.nextInt(40_000),
                                "disk of " + about + " has room",
                                () -> victim.host().fillPool(FleetBuilder.POOL, 0));
            }
            case REPLICA_KILLED -> killReplica();
            case COPY_SPOILED -> spoil(agents);
            case HOST_DEAD, HOST_WIPED -> lose(victim, fault, agents);
            default -> throw new IllegalArgumentException(fault + " does not befall a host");
        }
    }

    private void down(SimulatedAgent victim, Fault how) {
        if (victim.up()) {
            world.chronicle().fault(how, victim.worker().value());
            if (how == Fault.HOST_REBOOTED) {
                victim.reboot();
            } else {
                victim.crash();
            }
            victim.comeBackWithin(8_000);
        }
    }

    private void killReplica() {
        Replica replica =
                network.replicas().get(random.nextInt(network.replicas().size()));
        if (replica.up()) {
            world.chronicle().fault(Fault.REPLICA_KILLED, replica.toString());
            replica.kill();
        }
    }

    /** One host at most is lost for good: with more there would be little left to drain. */
    private void lose(SimulatedAgent victim, Fault how, List<SimulatedAgent> agents) {
        if (agents.stream().noneMatch(SimulatedAgent::gone)) {
            world.chronicle().fault(how, victim.worker().value());
            if (how == Fault.HOST_WIPED) {
                victim.wipe();
            } else {
                victim.die();
            }
        }
    }

    /** A medium turns what was copied into something else while the rest is being copied. */
    private void spoil(List<SimulatedAgent> agents) {
        for (Migration migration : world.database().live()) {
            for (SimulatedAgent agent : agents) {
                var volume = migration.cargo().volumeIds().isEmpty()
                        ? null
                        : migration.cargo().volumeIds().getFirst();
                boolean hydrating = migration.state() == MigrationState.ForwardOnly.HYDRATING
                        && agent.worker().equals(migration.destination());
                if (volume != null && hydrating && agent.host().spoilCopy(volume, -1)) {
                    world.chronicle().fault(Fault.COPY_SPOILED, volume + " on " + agent.worker());
                    invariants.spoiled(volume);
                    agent.touch();
                    return;
                }
            }
        }
    }

    /** All that can be mended is. */
    void end(List<SimulatedAgent> agents) {
        for (SimulatedAgent agent : agents) {
            fleet.heal(agent.worker());
            agent.host().fillPool(FleetBuilder.POOL, 0);
            agent.start();
        }
        network.replicas().forEach(Replica::start);
    }
}
