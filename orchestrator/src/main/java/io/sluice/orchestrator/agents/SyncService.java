package io.sluice.orchestrator.agents;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.sluice.agent.api.AgentApi;
import io.sluice.agent.api.HostReport;
import io.sluice.agent.api.HostSpec;
import io.sluice.agent.api.WorkerId;
import io.sluice.orchestrator.database.DatabaseReach;
import io.sluice.orchestrator.migration.MigrationReconciler;
import io.sluice.orchestrator.problem.ProblemException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Service;

/**
 * One sync: keep the report, decide what it decides, answer with the spec once it is newer than what the agent has. Waits on
 * the request's virtual thread, holding no transaction and no connection. A report that says nothing new asks the database nothing.
 */
@Service
public class SyncService {
    /** A cutover's share is to stay below 100 ms in all; a step that takes a second is broken. */
    private static final Duration[] LATENCIES = {
        Duration.ofMillis(5),
        Duration.ofMillis(20),
        Duration.ofMillis(50),
        Duration.ofMillis(100),
        Duration.ofSeconds(1)
    };

    private final HostStore hosts;
    private final KnownHosts known;
    private final Specs specs;
    private final Turns turns;
    private final HeldCalls calls;
    private final MigrationReconciler reconciler;
    private final DatabaseReach database;
    private final Timer decided;

    SyncService(
            HostStore hosts,
            KnownHosts known,
            Specs specs,
            Turns turns,
            HeldCalls calls,
            MigrationReconciler reconciler,
            DatabaseReach database,
            MeterRegistry meters) {
        this.hosts = hosts;
        this.known = known;
        this.specs = specs;
        this.turns = turns;
        this.calls = calls;
        this.reconciler = reconciler;
        this.database = database;
        this.decided = Timer.builder("sluice.sync.decided")
                .description("from a report's arrival to its decisions committed, the hold left out")
                .serviceLevelObjectives(LATENCIES)
                .register(meters);
    }

    HostSpec sync(WorkerId worker, HostReport report) throws InterruptedException {
        if (!report.worker().equals(worker)) {
            throw new ProblemException(
                    HttpStatus.FORBIDDEN,
                    "FORBIDDEN_WORKER",
                    "the credential is that of " + worker + ", the report that of " + report.worker(),
                    "An agent syncs as itself only: use the identity that registration gave.");
        }
        return switch (known.hear(report)) {
            case OVERTAKEN -> spec(worker);
            case NONE -> newer(worker, Call.of(report));
            case SOME -> decide(report) ? newer(worker, Call.of(report)) : spec(worker);
        };
    }

    /** Takes the report and decides what it decides; false when it was overtaken. */
    private boolean decide(HostReport report) {
        long arrived = System.nanoTime();
        boolean taken = turns.take(() -> {
            if (!hosts.take(report)) {
                return false;
            }
            known.taken(report);
            reconciler.reported(report.worker());
            return true;
        });
        if (taken) {
            decided.record(System.nanoTime() - arrived, TimeUnit.NANOSECONDS);
        }
        return taken;
    }

    private HostSpec spec(WorkerId worker) {
        return specs.of(worker, () -> turns.take(() -> hosts.spec(worker)));
    }

    /** What a held call needs to know of its report, which may be large and is not kept meanwhile. */
    private record Call(long incarnation, long sequence, long appliedGeneration) {
        static Call of(HostReport report) {
            return new Call(report.incarnation(), report.sequence(), report.appliedGeneration());
        }
    }

    private HostSpec newer(WorkerId worker, Call call) throws InterruptedException {
        long end = System.nanoTime() + AgentApi.HOLD.toNanos();
        try (HeldCalls.Held held = calls.enter(worker, call.incarnation(), call.sequence())) {
            while (true) {
                database.require();
                HostSpec spec = spec(worker);
                if (spec.generation() > call.appliedGeneration()) {
                    return spec;
                }
                Duration left = Duration.ofNanos(end - System.nanoTime());
                if (left.isNegative() || !held.await(left)) {
                    return spec;
                }
            }
        }
    }
}
