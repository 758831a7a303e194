package io.sluice.agent.attach;

import io.sluice.agent.api.ChapSecrets;
import io.sluice.agent.api.ExportAccess;
import io.sluice.agent.api.HydrationOrder;
import io.sluice.agent.api.IncomingVolume;
import io.sluice.agent.api.MigrationId;
import io.sluice.agent.api.PoolName;
import io.sluice.agent.api.Portal;
import io.sluice.agent.api.VolumeId;
import io.sluice.agent.export.ExportServer;
import io.sluice.agent.export.PortalTargets;
import io.sluice.agent.reconcile.CloneOrder;
import io.sluice.agent.reconcile.ExportOrder;
import io.sluice.agent.volume.VolumeFiles.VolumeFile;
import io.sluice.iscsi.block.FileDisk;
import io.sluice.iscsi.netty.TargetServer;
import io.sluice.iscsi.netty.TargetServerConfig;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** A source's export of one sparse volume over real sockets; it can be killed and comes back on the same port. */
final class SourceHost implements AutoCloseable {
    static final int BLOCK = 4096;
    static final VolumeId VOLUME = new VolumeId("vol-1");
    static final MigrationId MIGRATION = new MigrationId("m-1");
    private static final ExportAccess ACCESS = new ExportAccess(
            "iqn.2026-11.io.sluice:export.m-1.vol-1",
            "iqn.2026-11.io.sluice:host.destination",
            new ChapSecrets("user-m-1", "secret-of-initiator", "mutual-m-1", "secret-of-target"),
            null);

    final byte[] content;
    private final Path file;
    private final int port;
    private @Nullable TargetServer server;
    private @Nullable ExportServer exports;

    /** A quarter of data, a quarter of hole, and so again. */
    SourceHost(Path directory, int sizeBytes, long seed) throws IOException {
        this.file = directory.resolve("source.img");
        this.content = new byte[sizeBytes];
        Random random = new Random(seed);
        byte[] quarter = new byte[sizeBytes / 4];
        FileDisk.create(file, sizeBytes);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            for (int at = 0; at < sizeBytes; at += sizeBytes / 2) {
                random.nextBytes(quarter);
                System.arraycopy(quarter, 0, content, at, quarter.length);
                int written = channel.write(ByteBuffer.wrap(quarter), at);
                if (written != quarter.length) {
                    throw new IOException("short write of " + file);
                }
            }
        }
        this.port = start(0);
    }

    int allocatedBytes() {
        return content.length / 2;
    }

    CloneOrder order() {
        return new CloneOrder(
                MIGRATION,
                5,
                new IncomingVolume(
                        VOLUME,
                        new PoolName("pool"),
                        content.length,
                        BLOCK,
                        new Portal("127.0.0.1", port),
                        ACCESS,
                        HydrationOrder.UNLIMITED,
                        null));
    }

    ExportServer exports() {
        return java.util.Objects.requireNonNull(exports);
    }

    void kill() {
        TargetServer running = server;
        if (running != null) {
            running.close();
        }
        server = null;
    }

    void comeBack() {
        int same = start(port);
        if (same != port) {
            throw new AssertionError("came back on another port");
        }
    }

    @Override
    public void close() {
        kill();
    }

    private int start(int wanted) {
        TargetServer started = TargetServer.start(
                TargetServerConfig.on(new InetSocketAddress(InetAddress.getLoopbackAddress(), wanted)));
        server = started;
        exports = new ExportServer(
                new PortalTargets(started), volume -> new VolumeFile(file, content.length, BLOCK, false));
        exports.open(new ExportOrder(MIGRATION, VOLUME, ACCESS, true));
        return started.address().getPort();
    }
}
