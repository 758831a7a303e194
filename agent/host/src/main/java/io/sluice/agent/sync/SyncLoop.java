package io.sluice.agent.sync;

import io.sluice.agent.api.HostReport;
import io.sluice.agent.api.HostSpec;
import io.sluice.agent.api.RegisterRequest;
import io.sluice.agent.reconcile.HostAgent;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread that owns the {@link HostAgent}: woken by answers, by actions that ended and by what the host itself tells,
 * it takes specs, steps, and posts what is news. Calls are held on threads of their own; one that is overtaken by a newer report
 * stays open, its answer is taken by its generation.
 */
public final class SyncLoop {
    private static final Logger log = LoggerFactory.getLogger(SyncLoop.class);

    /** Counters are worth two calls a second and no more. */
    private static final Duration PROGRESS_PACE = Duration.ofMillis(500);

    /** A call that was answered without news is not followed by the next before this: an answer should take its hold. */
    private static final Duration CALL_PACE = Duration.ofMillis(100);

    /** Trouble with looking at the host is logged once in this time. */
    private static final Duration PAUSE_AFTER_TROUBLE = Duration.ofSeconds(1);

    /** The orchestrator ends an overtaken call at once; so many at a time means it does not. */
    private static final int MOST_CALLS = 8;

    private final HostAgent agent;
    private final Orchestrator orchestrator;
    private final Executor calls;
    private final Clock clock;
    private final RandomGenerator random;

    private final Wakeup wakeup;
    private final Queue<Runnable> inbox = new ConcurrentLinkedQueue<>();
    private @Nullable String credential;
    private @Nullable HostReport posted;
    private Instant postedAt = Instant.MIN;
    private Instant retryAt = Instant.MIN;
    private int failures;
    private int open;

    /** Given an executor that has a thread for each held call. */
    public SyncLoop(
            HostAgent agent,
            Orchestrator orchestrator,
            Executor calls,
            Wakeup wakeup,
            Clock clock,
            RandomGenerator random) {
        this.agent = agent;
        this.orchestrator = orchestrator;
        this.calls = calls;
        this.wakeup = wakeup;
        this.clock = clock;
        this.random = random;
    }

    /** From now on reports are posted, as that worker. From any thread. */
    public void registered(WorkerIdentity identity) {
        inbox.add(() -> {
            if (identity.worker() != null) {
                agent.registeredAs(identity.worker());
            }
            credential = identity.credential();
        });
        wakeup.ring();
    }

    /** What this host can do; from now on it is told with each report. From any thread. */
    public void capable(RegisterRequest.Capabilities now) {
        inbox.add(() -> agent.capable(now));
        wakeup.ring();
    }

    /** Runs until the thread is interrupted. */
    public void run() {
        log.info("agent runs generation={}", agent.spec().generation());
        try {
            while (!Thread.currentThread().isInterrupted()) {
                Instant next = survivingTurn();
                long wait = Math.max(0, Duration.between(clock.instant(), next).toMillis());
                wakeup.await(wait + 1);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        log.info("agent stops generation={}", agent.spec().generation());
    }

    /** A host that cannot be looked at now is looked at again: to end would take every workload's disk away. */
    private Instant survivingTurn() {
        try {
            return turn();
        } catch (RuntimeException e) {
            log.error("turn failed, the next one tries again", e);
            return clock.instant().plus(PAUSE_AFTER_TROUBLE);
        }
    }

    /** One turn; returns when the next is due at the latest. */
    private Instant turn() {
        for (Runnable message = inbox.poll(); message != null; message = inbox.poll()) {
            message.run();
        }
        Instant now = clock.instant();
        HostAgent.Step step = agent.step(now);
        Instant next = now.plus(PROGRESS_PACE);
        if (credential != null && open < MOST_CALLS && !now.isBefore(retryAt)) {
            HostReport report = agent.report(now);
            if (isDue(report, now)) {
                post(report, credential, now);
            }
        }
        return step.due() != null && step.due().isBefore(next) ? step.due() : next;
    }

    private boolean isDue(HostReport report, Instant now) {
        HostReport before = posted;
        if (before == null) {
            return true;
        }
        Duration since = Duration.between(postedAt, now);
        return switch (ReportNews.between(before, report)) {
            case STEP -> true;
            case PROGRESS -> since.compareTo(PROGRESS_PACE) >= 0;
            case NONE -> open == 0 && since.compareTo(CALL_PACE) >= 0;
        };
    }

    private void post(HostReport report, String bearer, Instant now) {
        posted = report;
        postedAt = now;
        open++;
        calls.execute(() -> {
            try {
                HostSpec answer = orchestrator.sync(bearer, report);
                inbox.add(() -> answered(answer));
            } catch (CallFailedException e) {
                inbox.add(() -> failed(e));
            } catch (RuntimeException e) {
                log.error("sync call broke", e);
                inbox.add(() -> failed(new CallFailedException(CallFailedException.Cause.AWAY, "broken call", e)));
            }
            wakeup.ring();
        });
    }

    private void answered(HostSpec spec) {
        open--;
        if (failures > 0) {
            log.info("orchestrator back failures={}", failures);
        }
        failures = 0;
        HostAgent.Taken taken = agent.take(spec, clock.instant());
        switch (taken) {
            case NEWER ->
                log.info(
                        "spec taken generation={} outgoing={} incoming={}",
                        spec.generation(),
                        spec.outgoing().size(),
                        spec.incoming().size());
            case CONFLICT -> log.error("spec refused generation={}", spec.generation());
            case SAME, OLDER -> log.debug("spec known generation={}", spec.generation());
        }
    }

    private void failed(CallFailedException e) {
        open--;
        if (e.kind() == CallFailedException.Cause.OVERTAKEN) {
            log.debug("overtaken call ended message=\"{}\"", e.getMessage());
            return;
        }
        failures++;
        posted = null;
        Duration pause = switch (e.kind()) {
            case AWAY -> Backoff.after(failures, random);
            case NOT_ADMITTED, REFUSED, OVERTAKEN -> Backoff.slowest(random);
        };
        retryAt = clock.instant().plus(pause);
        log.warn(
                "sync failed kind={} attempt={} retryMillis={} message=\"{}\"",
                e.kind(),
                failures,
                pause.toMillis(),
                e.getMessage());
    }
}
