package io.sluice.orchestrator.simulation;

import io.sluice.orchestrator.plan.Permission;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * What operators permit their drains to move of others, in some lives; there workers have little to spare. Draws its own numbers, so that
 * all other lives are what they would be if there were no such thing.
 */
final class Permissions {
    static final Permissions NONE = new Permissions(new SplittableRandom(0), false);

    /** Chosen so that the lives at which broken variants are known to show are not among those that are changed by this. */
    private static final long STREAM = 0x7417d9c83L;

    private static final int ONE_IN = 4;
    private static final int LARGE = 3;

    private final RandomGenerator random;
    private final boolean given;

    private Permissions(RandomGenerator random, boolean given) {
        this.random = random;
        this.given = given;
    }

    static Permissions ofSeed(long seed) {
        RandomGenerator random = new SplittableRandom(seed ^ STREAM);
        return new Permissions(random, random.nextInt(ONE_IN) == 0);
    }

    boolean given() {
        return given;
    }

    /** Of one drain; null where its operator thinks of none. */
    @Nullable
    Permission draw() {
        return given && random.nextInt(5) != 0
                ? new Permission(1 + random.nextInt(4), (1 + random.nextInt(6)) * FleetBuilder.VOLUME_BYTES)
                : null;
    }

    /** For how many volumes a worker has room on which so many workloads are: for few more than these have. */
    int room(int otherwise, int content) {
        return given ? content + LARGE - 1 + random.nextInt(3) : otherwise;
    }

    /** How many volumes a worker's n-th workload has: its first one more than most other workers have room for. */
    int volumes(int otherwise, int nth) {
        return !given ? otherwise : nth == 1 ? LARGE : 1;
    }
}
