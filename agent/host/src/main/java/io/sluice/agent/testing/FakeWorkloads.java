package io.sluice.agent.testing;

import io.sluice.agent.api.VolumeId;
import io.sluice.agent.api.WorkloadDefinition;
import io.sluice.agent.api.WorkloadId;
import io.sluice.agent.api.WorkloadStatus;
import io.sluice.agent.reconcile.Autostart;
import io.sluice.agent.reconcile.DiskState;
import io.sluice.agent.reconcile.WorkloadState;
import io.sluice.agent.reconcile.Workloads;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Declarations and autostart marks are durable; whether a workload runs depends on the host, not on its agent. */
final class FakeWorkloads implements Workloads {
    private final Map<WorkloadId, WorkloadDefinition> declared = new LinkedHashMap<>();
    private final Map<WorkloadId, Autostart> autostarts = new LinkedHashMap<>();
    private final Set<WorkloadId> running = new HashSet<>();
    private final Set<WorkloadId> known = new HashSet<>();

    void add(WorkloadDefinition definition, WorkloadStatus status) {
        declared.put(definition.id(), definition);
        if (status == WorkloadStatus.RUNNING) {
            running.add(definition.id());
        }
    }

    void crashAgent() {
        known.clear();
    }

    void wipe() {
        declared.clear();
        autostarts.clear();
    }

    /** Nothing keeps an init system from starting them then. */
    void forgetHolds() {
        autostarts.forEach((workload, autostart) -> {
            if (autostart instanceof Autostart.Held) {
                running.add(workload);
            }
        });
        autostarts.values().removeIf(Autostart.Held.class::isInstance);
    }

    void stopAll() {
        running.clear();
    }

    boolean isRunning(WorkloadId workload) {
        return running.contains(workload);
    }

    boolean owns(WorkloadId workload, VolumeId volume) {
        WorkloadDefinition definition = declared.get(workload);
        return definition != null && definition.volumes().contains(volume);
    }

    @Override
    public Found observe() {
        List<WorkloadState> found = new ArrayList<>();
        for (WorkloadDefinition definition : declared.values()) {
            WorkloadId id = definition.id();
            Autostart autostart = autostarts.getOrDefault(id, new Autostart.On());
            if (running.contains(id) || autostart instanceof Autostart.Held) {
                known.add(id);
            }
            WorkloadStatus status = running.contains(id) ? WorkloadStatus.RUNNING : WorkloadStatus.STOPPED;
            found.add(new WorkloadState(definition, status, autostart, !known.contains(id)));
        }
        return new Found(found, List.of());
    }

    @Override
    public void declare(WorkloadDefinition definition, Autostart autostart) {
        declared.put(definition.id(), definition);
        autostarts.put(definition.id(), autostart);
    }

    @Override
    public void remove(WorkloadId workload) {
        declared.remove(workload);
        autostarts.remove(workload);
        known.remove(workload);
    }

    @Override
    public void setAutostart(WorkloadId workload, Autostart autostart) {
        autostarts.put(workload, autostart);
    }

    @Override
    public void stop(WorkloadId workload) {
        running.remove(workload);
    }

    @Override
    public void start(WorkloadId workload, long epoch, List<DiskState> disks) {
        if (autostarts.get(workload) instanceof Autostart.Held) {
            throw new IllegalStateException("workload " + workload + " is held and must not be started");
        }
        running.add(workload);
        known.add(workload);
    }
}
