package io.sluice.orchestrator.web.dashboard;

import io.sluice.orchestrator.problem.ProblemException;
import io.sluice.orchestrator.web.DrainRequest;
import io.sluice.orchestrator.web.DrainView;
import io.sluice.orchestrator.web.DrainsRequest;
import io.sluice.orchestrator.web.LimitsView;
import io.sluice.orchestrator.web.MigrationView;
import io.sluice.orchestrator.web.PlanView;
import io.sluice.orchestrator.web.PlansView;
import io.sluice.orchestrator.web.RetainedCopyView;
import io.sluice.orchestrator.web.SteeringOperations;
import io.sluice.orchestrator.web.VolumeView;
import io.sluice.orchestrator.web.WorkerView;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** A fleet that shows what a test puts in, and remembers what it was asked to do. */
final class FakeFleet implements ShownFleet, ShownDrains, DrainActions, CopyActions {

    final List<WorkerView> workers = new CopyOnWriteArrayList<>();
    final List<VolumeView> volumes = new CopyOnWriteArrayList<>();
    final ConcurrentHashMap<String, DrainView> drains = new ConcurrentHashMap<>();
    final ConcurrentHashMap<String, PlanView> plans = new ConcurrentHashMap<>();
    /** What a drain of a worker looks like once it is started. */
    final ConcurrentHashMap<String, DrainView> begun = new ConcurrentHashMap<>();

    final List<String> asked = new CopyOnWriteArrayList<>();
    final List<DrainRequest> wishes = new CopyOnWriteArrayList<>();
    final List<DrainsRequest> joint = new CopyOnWriteArrayList<>();
    final List<RetainedCopyView> copies = new CopyOnWriteArrayList<>();

    @Override
    public List<WorkerView> workers() {
        return List.copyOf(workers);
    }

    @Override
    public WorkerView worker(String id) {
        return workers.stream()
                .filter(worker -> worker.id().equals(id))
                .findFirst()
                .orElseThrow(() -> ProblemException.unknown("worker", id));
    }

    @Override
    public List<VolumeView> volumes() {
        return List.copyOf(volumes);
    }

    @Override
    public List<VolumeView> volumes(Set<String> on) {
        return volumes.stream().filter(volume -> on.contains(volume.worker())).toList();
    }

    @Override
    public List<DrainView> drains(int ended) {
        return new ArrayList<>(drains.values());
    }

    @Override
    public DrainView drain(String id) {
        return known(drains.get(id), "drain", id);
    }

    @Override
    public MigrationView migration(String id) {
        return drains.values().stream()
                .flatMap(drain -> drain.migrations().stream())
                .filter(migration -> migration.id().equals(id))
                .findFirst()
                .orElseThrow(() -> ProblemException.unknown("migration", id));
    }

    @Override
    public PlanView plan(String worker) {
        return known(plans.get(worker), "worker", worker);
    }

    @Override
    public DrainView start(String worker, DrainRequest request, String actor) {
        asked.add("drain " + worker + " because " + request.reason() + " by " + actor);
        wishes.add(request);
        DrainView drain = known(begun.get(worker), "worker", worker);
        drains.put(drain.id(), drain);
        return drain;
    }

    @Override
    public PlansView plan(DrainsRequest request, String actor) {
        joint.add(request);
        return new PlansView("p-7", "hash", Instant.parse("2026-12-02T00:00:00Z"), List.of(Examples.plan()));
    }

    @Override
    public void execute(String plan, String actor) {
        asked.add("execute " + plan + " by " + actor);
    }

    @Override
    public DrainView change(String drain, LimitsView limits, String actor) {
        asked.add("limits of " + drain + " to " + limits + " by " + actor);
        return drain(drain);
    }

    @Override
    public List<RetainedCopyView> copies() {
        return List.copyOf(copies);
    }

    @Override
    public RetainedCopyView copy(String worker, String volume, long epoch) {
        return copies.stream()
                .filter(copy -> copy.worker().equals(worker) && copy.volume().equals(volume) && copy.epoch() == epoch)
                .findFirst()
                .orElseThrow(() -> ProblemException.unknown("copy", volume));
    }

    @Override
    public void keep(String worker, String volume, long epoch, String actor) {
        asked.add("keep " + volume + " of " + worker + " by " + actor);
    }

    @Override
    public void delete(String worker, String volume, long epoch, String confirm, String actor) {
        asked.add("delete " + volume + " of " + worker + " confirmed by " + confirm + " by " + actor);
    }

    @Override
    public DrainView cancel(String drain, String actor) {
        asked.add("cancel " + drain + " by " + actor);
        return drain(drain);
    }

    @Override
    public DrainView steer(String drain, SteeringOperations.OfDrain what, String reason, String actor) {
        asked.add(what + " " + drain + " because " + reason + " by " + actor);
        return drain(drain);
    }

    @Override
    public MigrationView steer(String migration, SteeringOperations.OfMigration what, String reason, String actor) {
        asked.add(what + " " + migration + " because " + reason + " by " + actor);
        return migration(migration);
    }

    @Override
    public void cordon(String worker) {
        asked.add("cordon " + worker);
    }

    @Override
    public void uncordon(String worker) {
        asked.add("uncordon " + worker);
    }

    @Override
    public void writeOff(String worker, String reason, String actor) {
        asked.add("write off " + worker + " because " + reason);
    }

    @Override
    public void reinstate(String worker, String reason, String actor) {
        asked.add("reinstate " + worker + " because " + reason);
    }

    private static <T> T known(@Nullable T found, String what, String id) {
        if (found == null) {
            throw ProblemException.unknown(what, id);
        }
        return found;
    }
}
