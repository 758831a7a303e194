package io.sluice.orchestrator.web.dashboard;

import io.sluice.orchestrator.web.DrainOperations;
import io.sluice.orchestrator.web.DrainRequest;
import io.sluice.orchestrator.web.DrainView;
import io.sluice.orchestrator.web.DrainsRequest;
import io.sluice.orchestrator.web.LimitsView;
import io.sluice.orchestrator.web.MigrationView;
import io.sluice.orchestrator.web.Operations;
import io.sluice.orchestrator.web.PlanView;
import io.sluice.orchestrator.web.PlansView;
import io.sluice.orchestrator.web.SteeringOperations;
import io.sluice.orchestrator.web.Views;
import io.sluice.orchestrator.web.VolumeView;
import io.sluice.orchestrator.web.WorkerView;
import io.sluice.orchestrator.web.WriteOffOperations;
import java.util.List;
import java.util.Set;
import org.springframework.stereotype.Component;

/** The pages' ports over the services that REST answers from. */
@Component
class ServedFleet implements ShownFleet, ShownDrains, DrainActions {

    private final Views views;
    private final Operations operations;
    private final DrainOperations begin;
    private final SteeringOperations steering;
    private final WriteOffOperations writeOffs;

    ServedFleet(
            Views views,
            Operations operations,
            DrainOperations begin,
            SteeringOperations steering,
            WriteOffOperations writeOffs) {
        this.views = views;
        this.operations = operations;
        this.begin = begin;
        this.steering = steering;
        this.writeOffs = writeOffs;
    }

    @Override
    public List<WorkerView> workers() {
        return views.workers();
    }

    @Override
    public WorkerView worker(String id) {
        return views.worker(id);
    }

    @Override
    public List<VolumeView> volumes() {
        return views.volumes();
    }

    @Override
    public List<VolumeView> volumes(Set<String> workers) {
        return views.volumes(workers);
    }

    @Override
    public List<DrainView> drains(int ended) {
        return views.drains(ended);
    }

    @Override
    public DrainView drain(String id) {
        return views.drain(id);
    }

    @Override
    public MigrationView migration(String id) {
        return views.migration(id);
    }

    @Override
    public PlanView plan(String worker) {
        return begin.dryRun(worker, DrainRequest.because(null), "dashboard");
    }

    @Override
    public DrainView start(String worker, DrainRequest request, String actor) {
        return begin.drain(worker, request, actor);
    }

    @Override
    public PlansView plan(DrainsRequest request, String actor) {
        return begin.dryRun(request, actor);
    }

    @Override
    public void execute(String plan, String actor) {
        begin.drain(DrainsRequest.executing(plan), actor);
    }

    @Override
    public DrainView change(String drain, LimitsView limits, String actor) {
        return steering.change(drain, limits, actor);
    }

    @Override
    public DrainView cancel(String drain, String actor) {
        return operations.cancel(drain, null, actor);
    }

    @Override
    public DrainView steer(String drain, SteeringOperations.OfDrain what, String reason, String actor) {
        return steering.steer(drain, what, reason, actor);
    }

    @Override
    public MigrationView steer(String migration, SteeringOperations.OfMigration what, String reason, String actor) {
        return steering.steer(migration, what, reason, actor);
    }

    @Override
    public void cordon(String worker) {
        operations.cordon(worker);
    }

    @Override
    public void uncordon(String worker) {
        operations.uncordon(worker);
    }

    @Override
    public void writeOff(String worker, String reason, String actor) {
        writeOffs.writeOff(worker, reason, actor);
    }

    @Override
    public void reinstate(String worker, String reason, String actor) {
        writeOffs.reinstate(worker, reason, actor);
    }
}
