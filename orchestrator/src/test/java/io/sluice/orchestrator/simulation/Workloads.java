package io.sluice.orchestrator.simulation;

import io.sluice.agent.api.VolumeId;
import io.sluice.agent.api.WorkloadDefinition;
import io.sluice.agent.api.WorkloadId;
import io.sluice.agent.testing.FakeHost;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** What writes: every acknowledged write is remembered, and every read must show it. Invariant 6. */
final class Workloads {
    static final int BLOCKS = 6;

    private final List<FakeHost> hosts;
    private final Random random;
    private final List<WorkloadDefinition> definitions = new ArrayList<>();
    private final List<VolumeId> volumes = new ArrayList<>();
    private final Map<VolumeId, long[]> acknowledged = new HashMap<>();
    private long nextContent = 1;

    Workloads(List<FakeHost> hosts, Random random) {
        this.hosts = hosts;
        this.random = random;
    }

    void add(WorkloadDefinition definition) {
        definitions.add(definition);
        definition.volumes().forEach(this::add);
    }

    /** A volume, with or without a workload. */
    void add(VolumeId volume) {
        volumes.add(volume);
        acknowledged.put(volume, new long[BLOCKS]);
    }

    List<WorkloadId> ids() {
        return definitions.stream().map(WorkloadDefinition::id).toList();
    }

    List<VolumeId> volumes() {
        return volumes;
    }

    /** One of them writes one block, wherever it runs; at most one host may acknowledge it. */
    void write() {
        if (definitions.isEmpty()) {
            return;
        }
        WorkloadDefinition definition = definitions.get(random.nextInt(definitions.size()));
        for (VolumeId volume : definition.volumes()) {
            int block = random.nextInt(BLOCKS);
            long content = nextContent++;
            for (FakeHost host : hosts) {
                if (host.write(definition.id(), volume, block, content)) {
                    remembered(volume)[block] = content;
                }
            }
        }
    }

    void everyReadIsRight() {
        for (WorkloadDefinition definition : definitions) {
            for (FakeHost host : hosts) {
                if (host.isRunning(definition.id())) {
                    definition.volumes().forEach(volume -> readsAreRight(host, definition.id(), volume));
                }
            }
        }
    }

    /** Whether it runs somewhere and every block of it can be read there. */
    boolean served(WorkloadDefinition definition) {
        return hosts.stream()
                .filter(host -> host.isRunning(definition.id()))
                .anyMatch(host -> definition.volumes().stream()
                        .allMatch(volume -> host.read(definition.id(), volume, 0) != null));
    }

    List<WorkloadDefinition> definitions() {
        return definitions;
    }

    private void readsAreRight(FakeHost host, WorkloadId workload, VolumeId volume) {
        for (int block = 0; block < BLOCKS; block++) {
            Long content = host.read(workload, volume, block);
            long expected = remembered(volume)[block];
            if (content != null && content != expected) {
                throw new AssertionError("invariant 6: " + workload + " on " + host.worker() + " reads " + content
                        + " in block " + block + " of " + volume + ", acknowledged was " + expected);
            }
        }
    }

    private long[] remembered(VolumeId volume) {
        return acknowledged.getOrDefault(volume, new long[BLOCKS]);
    }
}
