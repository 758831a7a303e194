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
 * the request's virtual thread, holding no transaction and no connection.
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
    private final HeldCalls calls;
    private final MigrationReconciler reconciler;
    private final DatabaseReach database;
    private final Timer decided;

    SyncService(
            HostStore hosts,
            HeldCalls calls,
            MigrationReconciler reconciler,
            DatabaseReach database,
            MeterRegistry meters) {
        this.hosts = hosts;
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
        long arrived = System.nanoTime();
        if (!hosts.take(report)) {
            return hosts.spec(worker);
        }
        reconciler.reconcile(worker);
        decided.record(System.nanoTime() - arrived, TimeUnit.NANOSECONDS);
        return newer(worker, report);
    }

    private HostSpec newer(WorkerId worker, HostReport report) throws InterruptedException {
        long end = System.nanoTime() + AgentApi.HOLD.toNanos();
        try (HeldCalls.Held held = calls.enter(worker)) {
            while (true) {
                database.require();
                HostSpec spec = hosts.spec(worker);
                if (spec.generation() > report.appliedGeneration()) {
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
