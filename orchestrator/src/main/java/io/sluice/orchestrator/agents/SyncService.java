package io.sluice.orchestrator.agents;

import io.sluice.agent.api.AgentApi;
import io.sluice.agent.api.HostReport;
import io.sluice.agent.api.HostSpec;
import io.sluice.agent.api.WorkerId;
import io.sluice.orchestrator.problem.ProblemException;
import java.time.Duration;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Service;

/**
 * One sync: keep the report, decide what it decides, answer with the spec once it is newer than what the agent has. Waits on
 * the request's virtual thread, holding no transaction and no connection.
 */
@Service
public class SyncService {
    private final HostStore hosts;
    private final HeldCalls calls;

    SyncService(HostStore hosts, HeldCalls calls) {
        this.hosts = hosts;
        this.calls = calls;
    }

    HostSpec sync(WorkerId worker, HostReport report) throws InterruptedException {
        if (!report.worker().equals(worker)) {
            throw new ProblemException(
                    HttpStatus.FORBIDDEN,
                    "FORBIDDEN_WORKER",
                    "the credential is that of " + worker + ", the report that of " + report.worker(),
                    "An agent syncs as itself only: use the identity that registration gave.");
        }
        if (!hosts.take(report)) {
            return hosts.spec(worker);
        }
        return newer(worker, report.appliedGeneration());
    }

    private HostSpec newer(WorkerId worker, long applied) throws InterruptedException {
        long end = System.nanoTime() + AgentApi.HOLD.toNanos();
        try (HeldCalls.Held held = calls.enter(worker)) {
            while (true) {
                HostSpec spec = hosts.spec(worker);
                Duration left = Duration.ofNanos(end - System.nanoTime());
                if (spec.generation() > applied || left.isNegative() || !held.await(left)) {
                    return spec;
                }
            }
        }
    }
}
