package io.sluice.iscsi.initiator;

import io.sluice.iscsi.block.BlockDevice;
import io.sluice.iscsi.block.BlockDeviceContract;
import io.sluice.iscsi.block.MemoryDisk;
import io.sluice.iscsi.login.Admission;
import io.sluice.iscsi.netty.TargetDefinition;
import io.sluice.iscsi.netty.TargetServer;
import io.sluice.iscsi.netty.TargetServerConfig;
import io.sluice.iscsi.pace.Rate;
import io.sluice.iscsi.scsi.LogicalUnit;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import org.junit.jupiter.api.AfterEach;

/** A remote disk keeps the promises of a local one. */
class IscsiDiskContractTest extends BlockDeviceContract {
    private static final String NAME = "iqn.2026-11.io.sluice:contract";

    private final TargetServer server =
            TargetServer.start(TargetServerConfig.on(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)));

    @Override
    protected BlockDevice device() {
        LogicalUnit unit = new LogicalUnit(new MemoryDisk(SIZE, 512), "contract", false);
        server.serve(new TargetDefinition(NAME, List.of(unit), Admission.ANYONE, Rate.UNLIMITED));
        DiskAddress address = new DiskAddress("127.0.0.1", server.address().getPort(), NAME, 0);
        return IscsiDisk.open(address, InitiatorOptions.named("iqn.2026-11.io.sluice:tests"));
    }

    @AfterEach
    void stop() {
        server.close();
    }
}
