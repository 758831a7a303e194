package io.sluice.orchestrator.simulation;

import io.sluice.agent.api.FailureKind;
import io.sluice.agent.api.HostReport;
import io.sluice.agent.api.HostSpec;
import io.sluice.agent.api.WorkerId;
import io.sluice.agent.reconcile.HostActionException;
import io.sluice.agent.reconcile.HostAgent;
import io.sluice.agent.testing.FakeHost;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The real agent logic on one fake host: takes specs, does one action an event, reports whenever something may have changed.
 * Its clock may be wrong; a host that is gone for good never starts again.
 */
final class SimulatedAgent {
    private static final long USUAL_ACTION_MILLIS = 300;
    private static final long SLOW_ACTION_MILLIS = 40_000;
    private static final long HEARTBEAT_MILLIS = 15_000;
    private static final long LONGEST_RETRY_MILLIS = 2_000;

    private final FakeHost host;
    private final Replica.World world;
    private final Network network;
    private final Flaw flaw;
    private @Nullable HostAgent agent;
    private boolean gone;
    private Duration hostSkew = Duration.ZERO;
    private Duration skew = Duration.ZERO;
    private int clockMoves;
    private int run;
    private @Nullable Instant alarm;
    private @Nullable Fault doom;
    private boolean calling;
    private boolean touched = true;
    private int crashes;
    private long converged;

    SimulatedAgent(FakeHost host, Replica.World world, Network network, Flaw flaw) {
        this.host = host;
        this.world = world;
        this.network = network;
        this.flaw = flaw;
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

    /** Never to come back. */
    boolean gone() {
        return gone;
    }

    /** How often it found its clock set; a time measured over such a moment means nothing. */
    int clockMoves() {
        return clockMoves;
    }

    /** How often exports, disks and clone devices went without anybody's decision. */
    int crashes() {
        return crashes;
    }

    /** Its newest spec's generation; null while it is down. */
    @Nullable
    Long generation() {
        return agent == null ? null : Long.valueOf(agent.spec().generation());
    }

    /** The newest generation that it had nothing left to do for. */
    long converged() {
        return converged;
    }

    /** Whether anything happened here since this was last asked. */
    boolean wasTouched() {
        boolean was = touched;
        touched = false;
        return was;
    }

    void touch() {
        touched = true;
    }

    /** What it observes; null while it is down. */
    @Nullable
    HostReport observe() {
        return agent == null ? null : agent.report(now());
    }

    private Instant now() {
        return world.timeline().now().plus(skew);
    }

    void start() {
        if (agent == null && !gone) {
            int mine = ++run;
            alarm = null;
            doom = null;
            calling = false;
            clockMoves += skew.equals(hostSkew) ? 0 : 1;
            skew = hostSkew;
            agent = host.startAgent(
                    action -> schedule(mine, action),
                    world.random(),
                    ports -> GatedPorts.around(flaw.ports(ports), this::pass));
            stepAndReport();
            heartbeat(mine);
        }
    }

    void crash() {
        stop();
        host.crashAgent();
    }

    void reboot() {
        stop();
        host.reboot();
        if (!flaw.keepsHolds()) {
            host.forgetHolds();
        }
    }

    /** Its exports are gone without its doing. */
    void loseExports() {
        host.loseExports();
        crashes++;
        touched = true;
    }

    /** The power goes and never comes back; its disks keep what is on them, and nobody reaches it. */
    void die() {
        reboot();
        gone = true;
    }

    /** As {@link #die}, and its disks are empty. */
    void wipe() {
        die();
        host.wipe();
    }

    private void stop() {
        agent = null;
        run++;
        crashes++;
        touched = true;
    }

    /** The host's clock is set; a running agent goes by how much time has passed, so the next one will notice. */
    void moveClock(Duration by) {
        hostSkew = hostSkew.plus(by);
    }

    private void take(HostSpec spec) {
        HostAgent now = agent;
        if (now != null) {
            boolean older = spec.generation() < now.spec().generation();
            if (older && !flaw.refusesOlderSpecs()) {
                takeWithoutRefusing(spec);
            } else if (now.take(spec, now()) == HostAgent.Taken.NEWER) {
                stepAndReport();
            }
        }
    }

    /** As an agent would that compares nothing: it goes on from the spec that came. */
    private void takeWithoutRefusing(HostSpec spec) {
        host.setLedger(spec);
        agent = null;
        start();
    }

    private void stepAndReport() {
        touched = true;
        HostAgent now = agent;
        if (now != null) {
            HostAgent.Step step = now.step(now());
            if (step.due() != null) {
                wake(step.due().minus(skew), run);
            }
            report(now, run);
        }
    }

    private void report(HostAgent now, int mine) {
        HostReport observed = now.report(now());
        if (observed.actionsPending() == 0) {
            converged = observed.appliedGeneration();
        }
        network.sync(flaw.reported(observed, host), new Network.Answer() {
            @Override
            public void spec(HostSpec spec) {
                if (!gone) {
                    take(spec);
                }
            }

            @Override
            public void failed() {
                if (mine == run && !calling) {
                    calling = true;
                    later(mine, LONGEST_RETRY_MILLIS, "next call of", () -> {
                        calling = false;
                        report(now, mine);
                    });
                }
            }
        });
    }

    private void wake(Instant wanted, int mine) {
        // Due already but not done: its lane is busy, and the end of what runs there is a step anyway.
        Instant soonest = world.timeline().now().plusMillis(100);
        Instant due = wanted.isBefore(soonest) ? soonest : wanted;
        if (alarm == null || due.isBefore(alarm)) {
            alarm = due;
            world.timeline().at(due, "retry on " + worker(), () -> {
                if (mine == run && due.equals(alarm)) {
                    alarm = null;
                    stepAndReport();
                }
            });
        }
    }

    private void heartbeat(int mine) {
        world.timeline().in(HEARTBEAT_MILLIS, "heartbeat of " + worker(), () -> {
            if (mine == run) {
                stepAndReport();
                heartbeat(mine);
            }
        });
    }

    private void schedule(int mine, Runnable action) {
        boolean slow = world.chaos().action("begins") == Fault.DISK_SLOW;
        if (slow) {
            world.chronicle().fault(Fault.DISK_SLOW, worker().value());
        }
        later(mine, slow ? SLOW_ACTION_MILLIS : USUAL_ACTION_MILLIS, "action on", () -> {
            action.run();
            if (doom == null) {
                stepAndReport();
            } else {
                meet(doom);
            }
        });
    }

    private void later(int mine, long within, String what, Runnable work) {
        world.timeline().in(1 + world.random().nextLong(within), what + " " + worker(), () -> {
            if (mine == run) {
                work.run();
            }
        });
    }

    /** One action: done, or failed, or done twice; or it is the last one before a crash. */
    private void pass(String action, Runnable call) {
        String about = action + " on " + worker();
        Fault fault = world.chaos().action(action);
        touched = true;
        if (fault == null || fault == Fault.DISK_SLOW) {
            world.chronicle().tell(about);
            call.run();
            return;
        }
        world.chronicle().fault(fault, about);
        if (fault == Fault.ACTION_FAILED) {
            throw new HostActionException("DISK_ERROR", FailureKind.RETRY, about + " failed; it is tried again");
        }
        if (fault == Fault.ACTION_REFUSED) {
            throw new HostActionException("DISK_BROKEN", FailureKind.ABORT, about + " cannot be done here");
        }
        call.run();
        switch (fault) {
            case ACTION_REPEATED -> call.run();
            case ACTION_DONE_BUT_FAILED ->
                throw new HostActionException("DISK_ERROR", FailureKind.RETRY, about + " seemed to fail");
            case AGENT_CRASHED, HOST_REBOOTED -> doom = fault;
            default -> throw new IllegalArgumentException(fault + " does not befall an action");
        }
    }

    private void meet(Fault fate) {
        if (fate == Fault.HOST_REBOOTED) {
            reboot();
        } else {
            crash();
        }
        comeBackWithin(8_000);
    }

    /** Starts again by then, unless it is gone. */
    void comeBackWithin(long millis) {
        world.timeline().in(world.random().nextLong(millis), "agent starts on " + worker(), this::start);
    }
}
