package io.sluice.orchestrator.simulation;

import io.sluice.agent.api.WorkerId;
import io.sluice.orchestrator.drain.OperatorAction;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/**
 * Operators who write workers off, in some lives: those that are silent, and those of which they only think so. Draws its own numbers, so
 * that all other lives are what they would be if there were no such thing.
 */
final class WritingOff {
    static final WritingOff NONE = new WritingOff(new SplittableRandom(0), false);

    /** Chosen so that the lives at which broken variants are known to show are not among those that are changed by this. */
    private static final long STREAM = 0x3c0ff5eedL;

    private static final int ONE_IN = 4;
    private static final OperatorAction.By BY = new OperatorAction.By("operator", "it is gone");

    private final RandomGenerator random;
    private final boolean given;

    private WritingOff(RandomGenerator random, boolean given) {
        this.random = random;
        this.given = given;
    }

    static WritingOff ofSeed(long seed) {
        RandomGenerator random = new SplittableRandom(seed ^ STREAM);
        return new WritingOff(random, random.nextInt(ONE_IN) == 0);
    }

    boolean given() {
        return given;
    }

    /** One of them does one thing: as the service would let them, or at the very moment at which the worker is heard of again. */
    void act(Replica.World world, Network network, List<SimulatedAgent> agents) {
        WorkerId worker = agents.get(random.nextInt(agents.size())).worker();
        Replica replica =
                network.replicas().get(random.nextInt(network.replicas().size()));
        boolean writtenOff = world.database().worker(worker).writtenOff();
        if (writtenOff && random.nextBoolean() && replica.up()) {
            world.chronicle().fault(Fault.OPERATOR_REINSTATES, worker.value());
            replica.operate("reinstate", parts -> parts.writeOffs().reinstate(worker, BY));
        } else if (!writtenOff && random.nextInt(3) == 0) {
            writeOff(world, worker);
        } else if (!writtenOff && replica.up()) {
            replica.operate("write off", parts -> parts.writeOffs().writeOff(worker, BY));
        }
    }

    /** Those that are gone for good are written off in the end, and no others. */
    void comeToReason(Replica.World world, List<SimulatedAgent> agents) {
        for (SimulatedAgent agent : agents) {
            boolean writtenOff = world.database().worker(agent.worker()).writtenOff();
            if (given && agent.gone() && !writtenOff) {
                writeOff(world, agent.worker());
            } else if (writtenOff && !agent.gone()) {
                world.database()
                        .put(world.database()
                                .worker(agent.worker())
                                .writtenOff(false)
                                .cordoned(false));
            }
        }
    }

    private static void writeOff(Replica.World world, WorkerId worker) {
        world.chronicle().fault(Fault.OPERATOR_WRITES_OFF, worker.value());
        world.database().put(world.database().worker(worker).writtenOff(true));
    }
}
