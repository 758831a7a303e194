package io.sluice.agent.reconcile;

import io.sluice.agent.api.FailureReport;
import io.sluice.agent.api.WorkloadDefinition;
import io.sluice.agent.api.WorkloadId;
import java.util.List;

/** The workloads declared on this host and their drivers. Declarations and holds are durable when a call returns. */
public interface Workloads {

    /** What was found; {@code problems} names declarations that cannot be read. */
    record Found(List<WorkloadState> workloads, List<FailureReport> problems) {
        public Found {
            workloads = List.copyOf(workloads);
            problems = List.copyOf(problems);
        }
    }

    /** Cheap: called before and after every action; the status is the last one known, from a stop, a start or a look. */
    Found observe();

    /** Writes the declaration with that autostart; the autostart is durable before the declaration is there. */
    void declare(WorkloadDefinition definition, Autostart autostart);

    /** Removes the declaration, then what is kept of its autostart; harmless when it is gone. */
    void remove(WorkloadId workload);

    void setAutostart(WorkloadId workload, Autostart autostart);

    /** Returns once it no longer runs; idempotent. */
    void stop(WorkloadId workload);

    /** Returns once it runs on those disks (in the order of its volumes); idempotent. */
    void start(WorkloadId workload, long epoch, List<DiskState> disks);
}
