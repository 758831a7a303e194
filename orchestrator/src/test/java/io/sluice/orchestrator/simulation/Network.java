package io.sluice.orchestrator.simulation;

import io.sluice.agent.api.HostReport;
import io.sluice.agent.api.HostSpec;
import io.sluice.agent.api.WorkerId;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/** Carries calls, their answers and notifications; what is lost, repeated or late is the chaos's to say. */
final class Network {
    private static final long LATE_MILLIS = 30_000;
    private static final long USUAL_MILLIS = 50;

    /** How an agent hears of its call. */
    interface Answer {
        void spec(HostSpec spec);

        void failed();
    }

    private final Timeline timeline;
    private final Chaos chaos;
    private final Chronicle chronicle;
    private final RandomGenerator random;
    private final List<Replica> replicas = new ArrayList<>();

    Network(Timeline timeline, Chaos chaos, Chronicle chronicle, RandomGenerator random) {
        this.timeline = timeline;
        this.chaos = chaos;
        this.chronicle = chronicle;
        this.random = random;
    }

    void add(Replica replica) {
        replicas.add(replica);
    }

    List<Replica> replicas() {
        return replicas;
    }

    /** To any of the replicas, as a balancer would. */
    void sync(HostReport report, Answer answer) {
        Replica replica = replicas.get(random.nextInt(replicas.size()));
        String from = report.worker().value();
        carry("report of " + from, () -> replica.sync(report, back(from, answer)));
    }

    private Answer back(String to, Answer answer) {
        return new Answer() {
            @Override
            public void spec(HostSpec spec) {
                carry("spec " + spec.generation() + " to " + to, () -> answer.spec(spec));
            }

            @Override
            public void failed() {
                carry("failure to " + to, answer::failed);
            }
        };
    }

    /** By the database, to every replica. */
    void changed(WorkerId worker) {
        for (Replica replica : replicas) {
            if (chaos.message("notification") == null) {
                later("notification of " + worker, false, () -> replica.wake(worker));
            } else {
                chronicle.fault(Fault.NOTIFICATION_LOST, worker + " to " + replica);
            }
        }
    }

    private void carry(String what, Runnable delivery) {
        Fault fault = chaos.message(what);
        if (fault != null) {
            chronicle.fault(fault, what);
        }
        if (fault != Fault.CALL_LOST) {
            later(what, fault == Fault.CALL_LATE, delivery);
        }
        if (fault == Fault.CALL_REPEATED) {
            later(what + ", again", random.nextInt(3) == 0, delivery);
        }
    }

    private void later(String what, boolean late, Runnable delivery) {
        timeline.in(1 + random.nextLong(late ? LATE_MILLIS : USUAL_MILLIS), what, delivery);
    }
}
