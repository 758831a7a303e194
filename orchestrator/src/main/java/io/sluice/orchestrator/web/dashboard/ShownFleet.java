package io.sluice.orchestrator.web.dashboard;

import io.sluice.orchestrator.web.VolumeView;
import io.sluice.orchestrator.web.WorkerView;
import java.util.List;
import java.util.Set;

/** What the pages show of workers and volumes. */
public interface ShownFleet {

    List<WorkerView> workers();

    WorkerView worker(String id);

    List<VolumeView> volumes();

    /** Those on these workers. */
    List<VolumeView> volumes(Set<String> workers);
}
