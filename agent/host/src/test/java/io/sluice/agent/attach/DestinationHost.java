package io.sluice.agent.attach;

import static io.sluice.agent.attach.SourceHost.BLOCK;
import static io.sluice.agent.attach.SourceHost.VOLUME;

import io.sluice.agent.api.MissingBytes.Range;
import io.sluice.agent.clone.CloneOptions;
import io.sluice.agent.export.DiskFronts;
import io.sluice.agent.export.DiskSecrets;
import io.sluice.agent.export.PortalTargets;
import io.sluice.agent.reconcile.CloneState;
import io.sluice.agent.reconcile.DiskState;
import io.sluice.agent.volume.VolumeFiles;
import io.sluice.agent.volume.VolumeFiles.VolumeFile;
import io.sluice.iscsi.block.FileDisk;
import io.sluice.iscsi.initiator.DiskAddress;
import io.sluice.iscsi.initiator.InitiatorOptions;
import io.sluice.iscsi.initiator.IscsiDisk;
import io.sluice.iscsi.login.ChapCredentials;
import io.sluice.iscsi.netty.TargetServer;
import io.sluice.iscsi.netty.TargetServerConfig;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;

/** A destination's clones and disks over real sockets; its agent can be stopped and started again on the same port. */
final class DestinationHost implements AutoCloseable {
    static final int REGION = 64 << 10;

    final Path file;
    private final Path directory;
    private final VolumeFiles volumes;
    private final int port;
    private TargetServer server;
    PortableClones clones;
    DiskFronts disks;
    CountDownLatch hydrated = new CountDownLatch(1);

    DestinationHost(Path directory, int sizeBytes) {
        this.directory = directory;
        this.file = directory.resolve("destination.img");
        FileDisk.create(file, sizeBytes);
        this.volumes = volume -> new VolumeFile(file, sizeBytes, BLOCK, true);
        this.server = listen(0);
        this.port = server.address().getPort();
        this.clones = clones();
        this.disks = disks();
    }

    /** As another process on this host would find it. */
    List<Range> missing(String bootId) {
        return Objects.requireNonNull(new CloneDirectory(directory.resolve("clones"), bootId).missing(VOLUME));
    }

    CloneState state() {
        return clones.observe().getFirst();
    }

    DiskState disk() {
        List<DiskState> served = disks.observe();
        return served.getFirst();
    }

    /** The disk as its workload opens it. */
    IscsiDisk open() throws IOException {
        DiskState disk = disk();
        ChapCredentials chap = new ChapCredentials(
                Objects.requireNonNull(disk.user()), Files.readAllBytes(Objects.requireNonNull(disk.secretFile())));
        return IscsiDisk.open(
                DiskAddress.parse(disk.address()),
                InitiatorOptions.named("iqn.2026-11.io.sluice:workload").withChap(chap, null));
    }

    void stopAgent() {
        server.close();
        clones.close();
    }

    void startAgent() {
        hydrated = new CountDownLatch(1);
        server = listen(port);
        clones = clones();
        disks = disks();
    }

    @Override
    public void close() {
        disks.withdraw(VOLUME);
        stopAgent();
    }

    private PortableClones clones() {
        return new PortableClones(
                new CloneDirectory(directory.resolve("clones"), "boot-1"),
                volumes,
                new IscsiSources(),
                CloneOptions.DEFAULTS.withRegionBytes(REGION),
                () -> hydrated.countDown());
    }

    private DiskFronts disks() {
        return new DiskFronts(
                new PortalTargets(server), volumes, clones, new DiskSecrets(directory.resolve("secrets")));
    }

    private static TargetServer listen(int port) {
        return TargetServer.start(TargetServerConfig.on(new InetSocketAddress(InetAddress.getLoopbackAddress(), port)));
    }
}
