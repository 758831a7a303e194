package io.sluice.orchestrator.simulation;

import io.sluice.agent.api.HostReport;
import io.sluice.agent.api.HostSpec;
import java.util.Random;
import java.util.function.Consumer;

/** Carries reports and specs; while it is bad it loses, repeats and delays them, and so brings them out of order. */
final class Network {
    private static final int LOST_PERCENT = 10;
    private static final int REPEATED_PERCENT = 10;
    private static final int SLOW_PERCENT = 5;
    private static final long SLOW_MILLIS = 30_000;
    private static final long USUAL_MILLIS = 50;

    private final Timeline timeline;
    private final Random random;
    private boolean bad = true;
    private Consumer<HostReport> orchestrator = report -> {};
    private Consumer<HostSpec> agents = spec -> {};

    Network(Timeline timeline, Random random) {
        this.timeline = timeline;
        this.random = random;
    }

    void connect(Consumer<HostReport> toOrchestrator, Consumer<HostSpec> toAgents) {
        orchestrator = toOrchestrator;
        agents = toAgents;
    }

    void heal() {
        bad = false;
    }

    void toOrchestrator(HostReport report) {
        carry("report of " + report.worker(), () -> orchestrator.accept(report));
    }

    void toAgent(HostSpec spec) {
        carry("spec " + spec.generation() + " to " + spec.worker(), () -> agents.accept(spec));
    }

    private void carry(String what, Runnable delivery) {
        if (bad && random.nextInt(100) < LOST_PERCENT) {
            return;
        }
        deliver(what, delivery);
        if (bad && random.nextInt(100) < REPEATED_PERCENT) {
            deliver(what + ", again", delivery);
        }
    }

    private void deliver(String what, Runnable delivery) {
        boolean slow = bad && random.nextInt(100) < SLOW_PERCENT;
        timeline.in(1 + random.nextLong(slow ? SLOW_MILLIS : USUAL_MILLIS), what, delivery);
    }
}
