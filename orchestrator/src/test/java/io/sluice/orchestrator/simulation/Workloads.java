package io.sluice.orchestrator.simulation;

import io.sluice.agent.api.VolumeId;
import io.sluice.agent.api.WorkloadDefinition;
import io.sluice.agent.api.WorkloadId;
import io.sluice.agent.testing.FakeHost;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** What writes: every acknowledged write is remembered, and so is what was on the volumes before. */
final class Workloads {
    static final int BLOCKS = 6;

    private final List<SimulatedAgent> agents;
    private final RandomGenerator random;
    private final List<WorkloadDefinition> definitions = new ArrayList<>();
    private final List<VolumeId> volumes = new ArrayList<>();
    private final Map<VolumeId, long[]> acknowledged = new HashMap<>();
    private long nextContent = 1_000_000;

    Workloads(List<SimulatedAgent> agents, RandomGenerator random) {
        this.agents = agents;
        this.random = random;
    }

    void add(WorkloadDefinition definition) {
        definitions.add(definition);
    }

    /** A volume and what is on it. */
    void add(VolumeId volume, long[] content) {
        volumes.add(volume);
        acknowledged.put(volume, content);
    }

    List<WorkloadDefinition> definitions() {
        return definitions;
    }

    List<VolumeId> volumes() {
        return volumes;
    }

    /** One of them writes one block of each of its volumes, wherever it runs. */
    void write() {
        if (definitions.isEmpty()) {
            return;
        }
        WorkloadDefinition definition = definitions.get(random.nextInt(definitions.size()));
        for (VolumeId volume : definition.volumes()) {
            int block = random.nextInt(BLOCKS);
            long content = nextContent++;
            for (SimulatedAgent agent : agents) {
                if (agent.host().write(definition.id(), volume, block, content)) {
                    content(volume)[block] = content;
                    agent.touch();
                }
            }
        }
    }

    /** What must be read of the volume. */
    long[] content(VolumeId volume) {
        return acknowledged.getOrDefault(volume, new long[BLOCKS]);
    }

    /** The host that runs it; null when none does. */
    @Nullable
    FakeHost runningOn(WorkloadId workload) {
        for (SimulatedAgent agent : agents) {
            if (agent.host().isRunning(workload)) {
                return agent.host();
            }
        }
        return null;
    }

    /** Whether it runs somewhere and every block of it can be read there. */
    boolean served(WorkloadDefinition definition) {
        FakeHost host = runningOn(definition.id());
        if (host == null) {
            return false;
        }
        for (VolumeId volume : definition.volumes()) {
            for (int block = 0; block < BLOCKS; block++) {
                if (host.read(definition.id(), volume, block) == null) {
                    return false;
                }
            }
        }
        return true;
    }
}
