package io.sluice.orchestrator.plan;

import io.sluice.agent.api.PoolName;
import io.sluice.orchestrator.fleet.Cargo;
import io.sluice.orchestrator.fleet.Worker;
import java.util.Comparator;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** One cargo that leaves, in the numbers packing works with. */
final class Demand {
    /** Index of what is not on a worker that is drained: a packing does not keep where it goes. */
    static final int THIRD_PARTY = -1;

    private final int index;
    private final Cargo cargo;
    private final Worker source;
    private final Rules rules;
    private final int[] largestFirst;
    private final long bytes;

    Demand(int index, Cargo cargo, Worker source, Rules rules) {
        this.index = index;
        this.cargo = cargo;
        this.source = source;
        this.rules = rules;
        this.largestFirst = IntStream.range(0, cargo.volumes().size())
                .boxed()
                .sorted(Comparator.comparingLong((Integer i) -> -size(i)))
                .mapToInt(Integer::intValue)
                .toArray();
        this.bytes = cargo.sizeBytes();
    }

    int index() {
        return index;
    }

    Cargo cargo() {
        return cargo;
    }

    Worker source() {
        return source;
    }

    Rules rules() {
        return rules;
    }

    @Nullable
    String group() {
        return cargo.group();
    }

    int volumes() {
        return largestFirst.length;
    }

    long size(int volume) {
        return cargo.volumes().get(volume).sizeBytes();
    }

    PoolName pool(int volume) {
        return cargo.volumes().get(volume).pool();
    }

    /** The n-th largest volume. */
    int largest(int n) {
        return largestFirst[n];
    }

    long bytes() {
        return bytes;
    }

    long cpuMillis() {
        return cargo.request().cpuMillis();
    }

    long memoryBytes() {
        return cargo.request().memoryBytes();
    }
}
