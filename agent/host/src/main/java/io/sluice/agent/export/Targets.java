package io.sluice.agent.export;

import io.sluice.iscsi.block.BlockDevice;
import io.sluice.iscsi.login.Admission;
import io.sluice.iscsi.scsi.LogicalUnit;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The iSCSI targets of one portal, each with one LUN. What has to wait for commands on a disk fails with DISK_BUSY in the end. */
public interface Targets {

    /** One target as found. */
    record TargetFacts(String name, int sessions, long bytesRead) {}

    /** Adds the target or brings it in line, sessions kept; the same twice is harmless. Null is no limit. */
    void serve(String name, LogicalUnit unit, Admission admission, @Nullable Long bytesPerSecond);

    /** Puts another device behind the LUN under live sessions; when it returns no command runs on the old one. */
    void swap(String name, BlockDevice device);

    /** Closes its sessions and waits for their commands; harmless for an unknown name. */
    void withdraw(String name);

    List<TargetFacts> facts();

    /** {@code host:port} of the portal. */
    String address();
}
