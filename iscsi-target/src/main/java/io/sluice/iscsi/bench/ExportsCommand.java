package io.sluice.iscsi.bench;

import io.sluice.iscsi.block.BlockDevice;
import io.sluice.iscsi.block.FileDisk;
import io.sluice.iscsi.login.Admission;
import io.sluice.iscsi.netty.TargetDefinition;
import io.sluice.iscsi.netty.TargetServer;
import io.sluice.iscsi.netty.TargetServerConfig;
import io.sluice.iscsi.pace.Rate;
import io.sluice.iscsi.scsi.LogicalUnit;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code bench exports}: many targets as an agent serves them, started by {@code bench target --growth}. */
@Command(name = "exports", hidden = true, description = "Serves a file as many read-only targets until told to end.")
final class ExportsCommand implements Callable<Integer> {

    private static final int BLOCK = 512;

    @Spec
    private @Nullable CommandSpec spec;

    @Option(names = "--file", required = true, paramLabel = "FILE", description = "What to serve.")
    private Path file = Path.of("");

    @Option(names = "--count", required = true, paramLabel = "N", description = "How many targets.")
    private int count;

    static String target(int index) {
        return "iqn.2026-11.io.sluice:bench." + index;
    }

    @Override
    public Integer call() throws IOException {
        List<BlockDevice> disks = new ArrayList<>();
        InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        try (TargetServer server = TargetServer.start(TargetServerConfig.on(any))) {
            for (int index = 0; index < count; index++) {
                BlockDevice disk = FileDisk.open(file, BLOCK, true);
                disks.add(disk);
                LogicalUnit unit = new LogicalUnit(disk, "bench-" + index, true);
                server.serve(new TargetDefinition(target(index), List.of(unit), Admission.ANYONE, Rate.UNLIMITED));
            }
            Objects.requireNonNull(spec)
                    .commandLine()
                    .getOut()
                    .println("serving at port " + server.address().getPort());
            spec.commandLine().getOut().flush();
            return awaitEnd();
        } finally {
            disks.forEach(BlockDevice::close);
        }
    }

    /** The process is ended from outside; or who started it has gone, and with that its end of the pipe. */
    private static int awaitEnd() throws IOException {
        while (System.in.read() >= 0) {
            // nobody has anything to say
        }
        return 0;
    }
}
