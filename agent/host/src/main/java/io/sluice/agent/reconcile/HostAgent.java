package io.sluice.agent.reconcile;

import io.sluice.agent.api.FailureKind;
import io.sluice.agent.api.FailureReport;
import io.sluice.agent.api.HostReport;
import io.sluice.agent.api.HostSpec;
import io.sluice.agent.api.RegisterRequest;
import io.sluice.agent.api.VolumeRole;
import io.sluice.agent.api.WorkerId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The agent without threads, clock or network: takes specs, has done what they ask, reports what is observed. All calls come
 * from one thread at a time; the executor it is given may run actions on others, or at once, or whenever a test says.
 */
public final class HostAgent {

    /** What became of a spec. */
    public enum Taken {
        NEWER,
        SAME,
        OLDER,
        /** Same generation, other content, or another worker's: refused and reported. */
        CONFLICT
    }

    /**
     * Outcome of one step.
     *
     * @param started actions begun in it
     * @param pending actions still running or to be run
     * @param due when the next step has something to do unless an action ends before; null when nothing waits for time
     */
    public record Step(int started, int pending, @Nullable Instant due) {}

    /** An executor that runs actions at once needs one round for each; more than this many is a planner that never converges. */
    private static final int MOST_ROUNDS = 10_000;

    private AgentIdentity identity;
    private final HostPorts ports;
    private final SpecLedger ledger;
    private final Executor executor;
    private final ActionRunner runner;
    private final Failures failures;

    private final Queue<Completion> completions = new ConcurrentLinkedQueue<>();
    private final Map<String, HostAction> running = new LinkedHashMap<>();
    private HostSpec spec;
    private @Nullable String conflict;
    private @Nullable Instant conflictSince;
    private long sequence;
    private RegisterRequest.@Nullable Capabilities capabilities;

    /** Takes up the last spec in the ledger. */
    public HostAgent(
            AgentIdentity identity, HostPorts ports, SpecLedger ledger, Executor executor, RandomGenerator jitter) {
        this.identity = identity;
        this.ports = ports;
        this.ledger = ledger;
        this.executor = executor;
        this.runner = new ActionRunner(ports);
        this.failures = new Failures(jitter);
        HostSpec stored = ledger.read();
        this.spec = stored != null && stored.worker().equals(identity.worker())
                ? stored
                : HostSpec.empty(identity.worker());
    }

    /** Goes on as that worker: until it is registered, a host holds what it holds under a name of its own. */
    public void registeredAs(WorkerId worker) {
        if (!worker.equals(identity.worker())) {
            identity = new AgentIdentity(worker, identity.incarnation(), identity.bootId());
            spec = HostSpec.empty(worker);
        }
    }

    /** What the host can do, from now on told with each report. */
    public void capable(RegisterRequest.Capabilities now) {
        capabilities = now;
    }

    public HostSpec spec() {
        return spec;
    }

    /** Makes the spec durable, then takes it up; an older one, or another of the same generation, changes nothing. */
    public Taken take(HostSpec next, Instant now) {
        if (!next.worker().equals(identity.worker())) {
            return conflict("a spec names worker " + next.worker() + " but this is " + identity.worker(), now);
        }
        if (next.generation() < spec.generation()) {
            return Taken.OLDER;
        }
        if (next.generation() == spec.generation()) {
            if (next.equals(spec)) {
                return Taken.SAME;
            }
            return conflict(
                    "the spec of generation " + next.generation() + " came with other content than before", now);
        }
        ledger.write(next);
        spec = next;
        conflict = null;
        return Taken.NEWER;
    }

    private Taken conflict(String message, Instant now) {
        if (conflict == null) {
            conflictSince = now;
        }
        conflict = message + ": it is refused; this is a defect of the orchestrator, report it";
        return Taken.CONFLICT;
    }

    /** Observes, plans and starts what may start, until nothing more can start now. */
    public Step step(Instant now) {
        int started = 0;
        for (int round = 0; round < MOST_ROUNDS; round++) {
            collect(now);
            HostState state = observe(now);
            List<HostAction> plan = HostPlanner.plan(spec, state);
            int begun = start(plan, now);
            started += begun;
            if (begun == 0 || completions.isEmpty()) {
                return new Step(started, pending(plan), due(state, now));
            }
        }
        throw new IllegalStateException("the plan does not converge: "
                + HostPlanner.plan(spec, observe(now)).stream()
                        .map(ActionRunner::nameOf)
                        .toList());
    }

    /** What is observed now; each report has a higher sequence number. */
    public HostReport report(Instant now) {
        collect(now);
        HostState state = observe(now);
        List<HostAction> plan = HostPlanner.plan(spec, state);
        List<FailureReport> failing = new ArrayList<>(failures.report(now));
        failing.addAll(state.problems());
        if (conflict != null && conflictSince != null) {
            long seconds = Duration.between(conflictSince, now).toSeconds();
            failing.add(new FailureReport(
                    null, "SPEC_CHANGED_WITHOUT_GENERATION", conflict, FailureKind.OPERATOR, Math.max(0, seconds), 1));
        }
        sequence++;
        HostReport observed = ReportWriter.write(identity, sequence, spec, state, pending(plan), failing);
        return InFlight.shown(observed, running.values()).with(capabilities);
    }

    private HostState observe(Instant now) {
        Volumes.Found volumes = ports.volumes().observe();
        Workloads.Found workloads = ports.workloads().observe();
        List<FailureReport> problems = new ArrayList<>(volumes.problems());
        problems.addAll(workloads.problems());
        return new HostState(
                now,
                volumes.pools(),
                volumes.volumes(),
                workloads.workloads(),
                ports.exports().observe(),
                ports.clones().observe(),
                ports.disks().observe(),
                problems,
                volumes.allCopiesSeen());
    }

    private void collect(Instant now) {
        for (Completion ended = completions.poll(); ended != null; ended = completions.poll()) {
            running.remove(ended.action().lane().name());
            HostActionException failure = ended.failure();
            if (failure == null) {
                failures.succeeded(ended.action());
            } else {
                failures.failed(ended.action(), failure, now);
            }
        }
    }

    private int start(List<HostAction> plan, Instant now) {
        List<HostAction> firsts = firstOfEachTrack(plan);
        List<HostAction> known = new ArrayList<>(firsts);
        known.addAll(running.values());
        failures.keepOnly(known);
        int begun = 0;
        for (HostAction action : firsts) {
            if (action instanceof HostAction.Refuse refusal) {
                failures.refused(refusal, now);
            } else if (!running.containsKey(action.lane().name()) && failures.mayRun(action, now)) {
                running.put(action.lane().name(), action);
                begun++;
                executor.execute(() -> completions.add(runner.run(action)));
            }
        }
        return begun;
    }

    private static List<HostAction> firstOfEachTrack(List<HostAction> plan) {
        Set<Lane> seen = new HashSet<>();
        return plan.stream().filter(action -> seen.add(action.lane())).toList();
    }

    private int pending(List<HostAction> plan) {
        long planned = plan.stream()
                .filter(action -> !(action instanceof HostAction.Refuse))
                .count();
        return (int) Math.max(planned, running.size());
    }

    private @Nullable Instant due(HostState state, Instant now) {
        Instant due = failures.due();
        for (VolumeState volume : state.volumes()) {
            Instant until = volume.standing().keepUntil();
            if (until != null
                    && volume.role() == VolumeRole.RETIRED
                    && until.isAfter(now)
                    && (due == null || until.isBefore(due))) {
                due = until;
            }
        }
        return due;
    }
}
