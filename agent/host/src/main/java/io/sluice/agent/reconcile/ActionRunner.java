package io.sluice.agent.reconcile;

import io.sluice.agent.api.FailureKind;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Does one action through the ports. No decisions here. */
final class ActionRunner {
    private static final Logger log = LoggerFactory.getLogger(ActionRunner.class);

    private final HostPorts ports;

    ActionRunner(HostPorts ports) {
        this.ports = ports;
    }

    /** Runs the action and returns how it went; only errors of the virtual machine pass through. */
    Completion run(HostAction action) {
        long began = System.nanoTime();
        try {
            apply(action);
            log.info(
                    "action done action={} lane=\"{}\" micros={}",
                    nameOf(action),
                    action.lane().name(),
                    since(began));
            return new Completion(action, null);
        } catch (HostActionException e) {
            log.warn(
                    "action failed action={} lane=\"{}\" code={} kind={} micros={} message=\"{}\"",
                    nameOf(action),
                    action.lane().name(),
                    e.code(),
                    e.kind(),
                    since(began),
                    e.getMessage());
            return new Completion(action, e);
        } catch (RuntimeException e) {
            log.warn(
                    "action failed action={} lane=\"{}\"",
                    nameOf(action),
                    action.lane().name(),
                    e);
            return new Completion(action, unexpected(action, e));
        }
    }

    static String nameOf(HostAction action) {
        return action.getClass().getSimpleName();
    }

    private static long since(long began) {
        return (System.nanoTime() - began) / 1000;
    }

    private static HostActionException unexpected(HostAction action, RuntimeException e) {
        return new HostActionException(
                "ACTION_FAILED",
                FailureKind.RETRY,
                nameOf(action) + " for " + action.lane().name() + " failed: " + e.getMessage()
                        + "; it is tried again, see the agent's log",
                e);
    }

    private void apply(HostAction action) {
        switch (action) {
            case HostAction.CreateVolume a -> ports.volumes().create(a.volume());
            case HostAction.ChangeVolume a -> ports.volumes().change(a.volume(), a.standing());
            case HostAction.DeleteVolume a -> ports.volumes().delete(a.volume(), a.epoch());
            case HostAction.OpenExport a -> ports.exports().open(a.order());
            case HostAction.CloseExport a -> ports.exports().close(a.migration(), a.volume());
            case HostAction.AttachSource a -> ports.clones().attach(a.order());
            case HostAction.RaiseClone a -> ports.clones().raise(a.order());
            case HostAction.Hydrate a -> ports.clones().hydrate(a.volume(), a.order());
            case HostAction.VerifyClone a -> ports.clones().verify(a.volume());
            case HostAction.DropClone a -> ports.clones().drop(a.volume());
            case HostAction.ServeDisk a -> ports.disks().serve(a.volume(), a.backing());
            case HostAction.WithdrawDisk a -> ports.disks().withdraw(a.volume());
            case HostAction.DeclareWorkload a -> ports.workloads().declare(a.definition(), a.autostart());
            case HostAction.RemoveWorkload a -> ports.workloads().remove(a.workload());
            case HostAction.SetAutostart a -> ports.workloads().setAutostart(a.workload(), a.autostart());
            case HostAction.StopWorkload a -> ports.workloads().stop(a.workload());
            case HostAction.StartWorkload a -> ports.workloads().start(a.workload(), a.epoch(), a.disks());
            case HostAction.Refuse a -> throw new IllegalStateException("a refusal is not run: " + a.code());
        }
    }
}
