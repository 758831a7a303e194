package io.sluice.orchestrator.simulation;

import io.sluice.agent.reconcile.Clones;
import io.sluice.agent.reconcile.Disks;
import io.sluice.agent.reconcile.Exports;
import io.sluice.agent.reconcile.HostPorts;
import io.sluice.agent.reconcile.Volumes;
import io.sluice.agent.reconcile.Workloads;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;

/** A host's ports with a gate before everything that changes the host; looking at it is free. */
final class GatedPorts {
    private GatedPorts() {}

    /** Lets an action happen, or not, or twice. */
    @FunctionalInterface
    interface Gate {
        void pass(String action, Runnable call);
    }

    static HostPorts around(HostPorts ports, Gate gate) {
        return new HostPorts(
                gated(Volumes.class, ports.volumes(), gate),
                gated(Workloads.class, ports.workloads(), gate),
                gated(Exports.class, ports.exports(), gate),
                gated(Clones.class, ports.clones(), gate),
                gated(Disks.class, ports.disks(), gate));
    }

    private static <T> T gated(Class<T> type, T port, Gate gate) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, (proxy, method, given) -> {
                    if (method.getReturnType() != void.class) {
                        return invoke(port, method, given);
                    }
                    gate.pass(type.getSimpleName() + " " + method.getName(), () -> invoke(port, method, given));
                    return null;
                }));
    }

    private static Object invoke(Object port, java.lang.reflect.Method method, Object[] given) {
        try {
            return method.invoke(port, given);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof RuntimeException ordinary) {
                throw ordinary;
            }
            throw new IllegalStateException("a port threw what it may not", e.getCause());
        } catch (IllegalAccessException e) {
            throw new IllegalStateException("ports are public", e);
        }
    }
}
