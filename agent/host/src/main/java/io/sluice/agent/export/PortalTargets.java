package io.sluice.agent.export;

import io.sluice.agent.api.FailureKind;
import io.sluice.agent.reconcile.HostActionException;
import io.sluice.iscsi.block.BlockDevice;
import io.sluice.iscsi.login.Admission;
import io.sluice.iscsi.netty.TargetBusyException;
import io.sluice.iscsi.netty.TargetDefinition;
import io.sluice.iscsi.netty.TargetServer;
import io.sluice.iscsi.pace.Rate;
import io.sluice.iscsi.scsi.LogicalUnit;
import java.net.InetSocketAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The targets of a running {@link TargetServer}. Does not own it. */
public final class PortalTargets implements Targets {
    private static final int LUN = 0;

    private final TargetServer server;

    public PortalTargets(TargetServer server) {
        this.server = server;
    }

    @Override
    public void serve(String name, LogicalUnit unit, Admission admission, @Nullable Long bytesPerSecond) {
        unlessBusy(
                () -> server.serve(new TargetDefinition(name, List.of(unit), admission, Rate.ofBytes(bytesPerSecond))));
    }

    @Override
    public void swap(String name, BlockDevice device) {
        unlessBusy(() -> server.swap(name, LUN, device));
    }

    @Override
    public void withdraw(String name) {
        unlessBusy(() -> server.withdraw(name));
    }

    private static void unlessBusy(Runnable action) {
        try {
            action.run();
        } catch (TargetBusyException e) {
            throw new HostActionException(
                    "DISK_BUSY",
                    FailureKind.RETRY,
                    e.getMessage()
                            + "; it is tried again: see that the disk below, or the source it is cloned from, answers",
                    e);
        }
    }

    @Override
    public List<TargetFacts> facts() {
        return server.status().stream()
                .map(status -> new TargetFacts(
                        status.name(),
                        status.sessions().size(),
                        status.traffic().bytesRead()))
                .toList();
    }

    @Override
    public String address() {
        InetSocketAddress address = server.address();
        String host = address.getAddress().getHostAddress();
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + address.getPort();
    }
}
