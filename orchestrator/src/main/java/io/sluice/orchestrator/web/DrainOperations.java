package io.sluice.orchestrator.web;

import io.sluice.agent.api.WorkerId;
import io.sluice.orchestrator.drain.DrainOrder;
import io.sluice.orchestrator.drain.DrainReader;
import io.sluice.orchestrator.drain.DrainService;
import io.sluice.orchestrator.drain.Execution;
import io.sluice.orchestrator.drain.FleetReading;
import io.sluice.orchestrator.drain.Proposal;
import io.sluice.orchestrator.fleet.DrainId;
import io.sluice.orchestrator.fleet.WorkerSelector;
import io.sluice.orchestrator.plan.Alternative;
import io.sluice.orchestrator.problem.ProblemException;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;

/** Beginning drains of one worker or of several together, and what that would do; for the REST controllers and the pages alike. */
@Component
public class DrainOperations {
    /** A drain of more than these at once is planned for minutes and wanted by nobody. */
    private static final int MAX_WORKERS = 500;

    private final Views views;
    private final DrainService drains;
    private final DrainReader reader;

    DrainOperations(Views views, DrainService drains, DrainReader reader) {
        this.views = views;
        this.drains = drains;
        this.reader = reader;
    }

    /** The worker's drain: begun now, or the one under way. */
    public DrainView drain(String worker, DrainRequest request, String actor) {
        return shown(drains.start(orders(List.of(views.requireWorker(worker)), request, actor)))
                .getFirst();
    }

    /** What a drain would do. */
    public PlanView dryRun(String worker, DrainRequest request, String actor) {
        return plans(List.of(views.requireWorker(worker)), request, actor)
                .plans()
                .getFirst();
    }

    /** Those under way already, and the others begun now; or what a plan said. */
    public List<DrainView> drain(DrainsRequest request, String actor) {
        String plan = request.plan();
        if (plan == null) {
            return shown(drains.start(orders(workers(request), request.each(), actor)));
        }
        if (request.workers() != null
                || request.selector() != null
                || !request.each().equals(DrainRequest.because(null))) {
            throw Orders.invalid("plan " + plan + " says everything, so no other field may be given with it");
        }
        return switch (drains.execute(plan, actor)) {
            case Execution.Begun begun -> shown(begun.drains());
            case Execution.Unknown unknown -> throw unknownPlan(plan);
            case Execution.Stale stale ->
                throw new ProblemException(
                        HttpStatus.CONFLICT,
                        "PLAN_STALE",
                        "plan '" + plan + "' cannot be done as it is: "
                                + stale.differences().getFirst().subject() + " "
                                + stale.differences().getFirst().now()
                                + (stale.differences().size() == 1
                                        ? ""
                                        : ", and " + (stale.differences().size() - 1) + " more"),
                        "See the differences, then make a new dry run.",
                        Map.of("differences", stale.differences()));
        };
    }

    /** What drains of these workers together would do. */
    public PlansView dryRun(DrainsRequest request, String actor) {
        if (request.plan() != null) {
            throw Orders.invalid("plan names a dry run that was made; a new one takes workers or a selector");
        }
        return plans(workers(request), request.each(), actor);
    }

    private PlansView plans(List<WorkerId> workers, DrainRequest request, String actor) {
        Proposal proposal = drains.dryRun(orders(workers, request, actor));
        return DrainViews.plans(proposal);
    }

    PlansView plans(String id) {
        return DrainViews.plans(require(id));
    }

    OthersView others(String id, String cargo) {
        Alternative.Choice choice = drains.choice(require(id), cargo);
        if (choice == null) {
            throw new ProblemException(
                    HttpStatus.NOT_FOUND,
                    "UNKNOWN_CARGO",
                    "nothing called '" + cargo + "' leaves the workers of plan '" + id
                            + "' now, or it is refused for what it is",
                    "Name a workload, or a volume without one, of the plan: GET /api/v1/plans/" + id);
        }
        return OthersView.of(cargo, choice);
    }

    private Proposal require(String id) {
        Proposal proposal = drains.proposal(id);
        if (proposal == null) {
            throw unknownPlan(id);
        }
        return proposal;
    }

    private static ProblemException unknownPlan(String plan) {
        return new ProblemException(
                HttpStatus.NOT_FOUND,
                "UNKNOWN_PLAN",
                "there is no dry run '" + plan + "', or it was made more than a day ago",
                "Make a new one: POST /api/v1/drains?dryRun=true");
    }

    private List<DrainView> shown(List<DrainId> begun) {
        return begun.stream().map(drain -> views.drain(drain.value())).toList();
    }

    private List<DrainOrder> orders(List<WorkerId> workers, DrainRequest request, String actor) {
        FleetReading fleet = workers.size() == 1 ? reader.fleet(workers.getFirst()) : reader.fleet();
        workers.forEach(worker -> requireCounts(fleet, worker));
        Instant now = reader.now();
        return workers.stream()
                .map(worker -> Orders.order(worker, request, actor, now))
                .toList();
    }

    /** What was written off has nothing that could leave it. */
    private static void requireCounts(FleetReading fleet, WorkerId worker) {
        FleetReading.WorkerReading reading = fleet.worker(worker);
        if (reading != null && reading.writtenOff() != null && reading.drain() == null) {
            throw new ProblemException(
                    HttpStatus.CONFLICT,
                    "WORKER_WRITTEN_OFF",
                    "worker '" + worker + "' was written off by "
                            + reading.writtenOff().by().actor() + " at "
                            + reading.writtenOff().at(),
                    "If it came back, reinstate it first: POST /api/v1/workers/" + worker + "/reinstate");
        }
    }

    private List<WorkerId> workers(DrainsRequest request) {
        List<String> named = request.workers();
        String selector = request.selector();
        if (named == null && selector == null) {
            throw Orders.invalid("none of workers, selector and plan says what to drain");
        }
        if (named != null && selector != null) {
            throw Orders.invalid("workers and selector both say what to drain");
        }
        List<WorkerId> workers = selector != null ? selected(selector) : named(named == null ? List.of() : named);
        if (workers.size() > MAX_WORKERS) {
            throw Orders.invalid(workers.size() + " workers are more than the " + MAX_WORKERS + " of one call");
        }
        return workers;
    }

    private List<WorkerId> named(List<String> names) {
        Set<WorkerId> workers = new LinkedHashSet<>();
        for (String name : names) {
            if (!workers.add(views.requireWorker(String.valueOf(name)))) {
                throw Orders.invalid("workers names '" + name + "' twice");
            }
        }
        if (workers.isEmpty()) {
            throw Orders.invalid("workers is empty");
        }
        return List.copyOf(workers);
    }

    private List<WorkerId> selected(String text) {
        WorkerSelector selector;
        try {
            selector = WorkerSelector.parse(text);
        } catch (IllegalArgumentException e) {
            throw Orders.invalid("selector: " + e.getMessage());
        }
        List<WorkerId> workers = reader.fleet().workers().stream()
                .filter(reading -> reading.writtenOff() == null)
                .map(reading -> reading.worker().profile())
                .filter(selector::matches)
                .map(profile -> profile.id())
                .toList();
        if (workers.isEmpty()) {
            throw Orders.invalid("selector '" + text + "' matches no worker");
        }
        return workers;
    }
}
