package io.sluice.orchestrator.simulation;

import io.sluice.agent.api.HostReport;
import io.sluice.agent.api.HostSpec;
import io.sluice.agent.api.WorkerId;
import io.sluice.agent.reconcile.HostAgent;
import io.sluice.agent.testing.FakeHost;
import java.time.Instant;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** The real agent logic on one fake host: takes specs, does one action an event, reports whenever something may have changed. */
final class SimulatedAgent {
    private static final long SLOWEST_ACTION_MILLIS = 300;
    private static final long HEARTBEAT_MILLIS = 10_000;

    private final FakeHost host;
    private final Timeline timeline;
    private final Network network;
    private final Random random;
    private @Nullable HostAgent agent;
    private int run;
    private @Nullable Instant alarm;
    private boolean touched;

    SimulatedAgent(FakeHost host, Timeline timeline, Network network, Random random) {
        this.host = host;
        this.timeline = timeline;
        this.network = network;
        this.random = random;
    }

    WorkerId worker() {
        return host.worker();
    }

    FakeHost host() {
        return host;
    }

    boolean up() {
        return agent != null;
    }

    /** Its newest spec's generation; null while it is down. */
    @Nullable
    Long generation() {
        return agent == null ? null : Long.valueOf(agent.spec().generation());
    }

    /** Whether anything happened here since this was last asked. */
    boolean wasTouched() {
        boolean was = touched;
        touched = false;
        return was;
    }

    /** Something happened that what is observed here is to be held against. */
    void touch() {
        touched = true;
    }

    /** What it observes; null while it is down. */
    @Nullable
    HostReport observe() {
        return agent == null ? null : agent.report(timeline.now());
    }

    void start() {
        if (agent == null) {
            int mine = ++run;
            alarm = null;
            agent = host.startAgent(action -> ifStill(mine, SLOWEST_ACTION_MILLIS, "action", action), random);
            stepAndReport();
            heartbeat(mine);
        }
    }

    void crash() {
        agent = null;
        run++;
        host.crashAgent();
    }

    void reboot() {
        agent = null;
        run++;
        host.reboot();
    }

    void take(HostSpec spec) {
        if (agent != null) {
            if (agent.take(spec, timeline.now()) == HostAgent.Taken.NEWER) {
                stepAndReport();
            }
        }
    }

    private void stepAndReport() {
        touched = true;
        if (agent != null) {
            HostAgent.Step step = agent.step(timeline.now());
            if (step.due() != null) {
                wake(step.due(), run);
            }
            network.toOrchestrator(agent.report(timeline.now()));
        }
    }

    private void wake(Instant wanted, int mine) {
        // Due already but not done: its lane is busy, and the end of what runs there is a step anyway.
        Instant soonest = timeline.now().plusMillis(100);
        Instant due = wanted.isBefore(soonest) ? soonest : wanted;
        if (alarm == null || due.isBefore(alarm)) {
            alarm = due;
            timeline.at(due, "retry on " + worker(), () -> {
                if (mine == run && due.equals(alarm)) {
                    alarm = null;
                    stepAndReport();
                }
            });
        }
    }

    private void heartbeat(int mine) {
        timeline.in(HEARTBEAT_MILLIS, "heartbeat of " + worker(), () -> {
            if (mine == run) {
                stepAndReport();
                heartbeat(mine);
            }
        });
    }

    private void ifStill(int mine, long withinMillis, String what, Runnable action) {
        timeline.in(1 + random.nextLong(withinMillis), what + " on " + worker(), () -> {
            if (mine == run) {
                action.run();
                stepAndReport();
            }
        });
    }
}
