package io.sluice.iscsi.initiator;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.iscsi.block.BlockDevice;
import io.sluice.iscsi.block.BlockDeviceException;
import io.sluice.iscsi.block.ChecksummedDisk;
import io.sluice.iscsi.block.Extent;
import io.sluice.iscsi.block.ForwardingDisk;
import io.sluice.iscsi.block.MemoryDisk;
import io.sluice.iscsi.login.Admission;
import io.sluice.iscsi.login.ChapCredentials;
import io.sluice.iscsi.netty.TargetDefinition;
import io.sluice.iscsi.netty.TargetServer;
import io.sluice.iscsi.netty.TargetServerConfig;
import io.sluice.iscsi.pace.Rate;
import io.sluice.iscsi.scsi.LogicalUnit;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class IscsiDiskTest {
    private static final String NAME = "iqn.2026-11.io.sluice:disk.1";
    private static final InitiatorOptions OPTIONS = InitiatorOptions.named("iqn.2026-11.io.sluice:tests");
    private static final int SIZE = 16 << 20;
    private static final ChapCredentials OURS = credentials("initiator", "a secret of ours");
    private static final ChapCredentials THEIRS = credentials("target", "a secret of theirs");

    private final MemoryDisk memory = new MemoryDisk(SIZE, 512);
    private TargetServer server = start(0);

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void tellsTheDisksIdentityAndGeometry() {
        serve(Admission.ANYONE, memory, true);
        try (IscsiDisk disk = IscsiDisk.open(address(), OPTIONS)) {
            assertThat(disk.serial()).isEqualTo("serial-1");
            assertThat(disk.sizeBytes()).isEqualTo(SIZE);
            assertThat(disk.blockBytes()).isEqualTo(512);
            assertThat(disk.readOnly()).isTrue();
            assertThat(disk.connected()).isTrue();
            assertThatThrownBy(() -> disk.write(0, ByteBuffer.allocate(512)))
                    .isInstanceOf(BlockDeviceException.class)
                    .hasMessageContaining("27h/00h");
        }
    }

    @Test
    void checksumsOfFinalContentAreToldAndOfOtherContentAreNot() {
        memory.write(0, ByteBuffer.wrap(random(SIZE)));
        ChecksummedDisk summed = new ChecksummedDisk(memory, 64 << 10);
        serve(Admission.ANYONE, summed, true);
        try (IscsiDisk disk = IscsiDisk.open(address(), OPTIONS)) {
            assertThat(disk.checksums(0)).isNull();
            summed.restart();
            disk.read(0, ByteBuffer.allocate(64 << 10));
            memory.write(0, ByteBuffer.allocate(512)); // what was given out counts, not what lies there now
            RegionSums sums = requireNonNull(disk.checksums(0));
            assertThat(sums.regionBytes()).isEqualTo(64 << 10);
            assertThat(sums.sums()).hasSize(SIZE / (64 << 10));
            assertThat(sums.sums().getFirst()).isEqualTo(summed.given(0)).isNotEqualTo(crc(0));
            for (int region = 1; region < sums.end(); region++) {
                assertThat(sums.sums().get(region)).isEqualTo(crc(region));
            }
            RegionSums rest = requireNonNull(disk.checksums(200));
            assertThat(rest.firstRegion()).isEqualTo(200);
            assertThat(rest.sums()).hasSize(56);
            assertThatThrownBy(() -> disk.checksums(256)).isInstanceOf(BlockDeviceException.class);
        }
    }

    private int crc(int region) {
        ByteBuffer content = ByteBuffer.allocate(64 << 10);
        memory.read((long) region * content.capacity(), content);
        CRC32C crc = new CRC32C();
        crc.update(content.flip());
        return (int) crc.getValue();
    }

    @Test
    void largeTransfersArriveWholeWithAndWithoutDigests() {
        serve(Admission.ANYONE, memory, false);
        byte[] content = random(9 << 20);
        for (InitiatorOptions options : List.of(OPTIONS, OPTIONS.withoutDigests())) {
            try (IscsiDisk disk = IscsiDisk.open(address(), options)) {
                disk.write(512, ByteBuffer.wrap(content));
                ByteBuffer back = ByteBuffer.allocateDirect(content.length);
                disk.read(512, back);
                assertThat(back.flip()).isEqualTo(ByteBuffer.wrap(content));
                disk.unmap(512, content.length);
            }
        }
    }

    @Test
    void oneWayAndMutualChapAdmit() {
        serve(new Admission(OPTIONS.initiatorName(), OURS, THEIRS), memory, false);
        IscsiDisk.open(address(), OPTIONS.withChap(OURS, null)).close();
        IscsiDisk.open(address(), OPTIONS.withChap(OURS, THEIRS)).close();
    }

    @Test
    void aWrongSecretIsRefusedForGood() {
        serve(new Admission(null, OURS, null), memory, false);
        assertThatThrownBy(() -> IscsiDisk.open(address(), OPTIONS.withChap(credentials("initiator", "wrong"), null)))
                .isInstanceOfSatisfying(LoginRefusedException.class, e -> {
                    assertThat(e.statusClass()).isEqualTo(2);
                    assertThat(e.statusDetail()).isEqualTo(1);
                    assertThat(e.transientFailure()).isFalse();
                });
        assertThatThrownBy(() -> IscsiDisk.open(address(), OPTIONS))
                .isInstanceOf(LoginRefusedException.class)
                .hasMessageContaining("authentication failed");
    }

    @Test
    void aTargetThatCannotProveItselfIsRefused() {
        serve(new Admission(null, OURS, THEIRS), memory, false);
        ChapCredentials expected = credentials("target", "another secret of theirs");
        assertThatThrownBy(() -> IscsiDisk.open(address(), OPTIONS.withChap(OURS, expected)))
                .isInstanceOf(LoginRefusedException.class)
                .hasMessageContaining("may be an impostor");
    }

    @Test
    void aTargetThatIsNotThereMayComeBack() {
        assertThatThrownBy(() -> IscsiDisk.open(address(), OPTIONS))
                .isInstanceOfSatisfying(LoginRefusedException.class, e -> {
                    assertThat(e.transientFailure()).isTrue();
                    assertThat(e).hasMessageContaining(NAME);
                });
        server.close();
        assertThatThrownBy(() -> IscsiDisk.open(address(), OPTIONS))
                .isInstanceOfSatisfying(
                        BlockDeviceException.class,
                        e -> assertThat(e.transientFailure()).isTrue());
    }

    @Test
    void discoveryListsWhatIsServed() {
        serve(new Admission(OPTIONS.initiatorName(), null, null), memory, false);
        assertThat(Discovery.sendTargets("127.0.0.1", server.address().getPort(), OPTIONS))
                .extracting(Discovery.DiscoveredTarget::name)
                .containsExactly(NAME);
        InitiatorOptions stranger = InitiatorOptions.named("iqn.2026-11.io.sluice:stranger");
        assertThat(Discovery.sendTargets("127.0.0.1", server.address().getPort(), stranger))
                .isEmpty();
    }

    @Test
    void discoveryNamesATargetWithChapOnlyToWhoProvedItsSecret() {
        int port = server.address().getPort();
        ChapCredentials user = new ChapCredentials("user", "secret-of-user".getBytes(StandardCharsets.UTF_8));
        ChapCredentials other = new ChapCredentials("other", "secret-of-other".getBytes(StandardCharsets.UTF_8));
        ChapCredentials wrong = new ChapCredentials("other", "secret-of-another".getBytes(StandardCharsets.UTF_8));
        serve(new Admission(null, user, null), memory, false);
        server.serve(new TargetDefinition(
                NAME + ".other",
                List.of(new LogicalUnit(memory, "2", true)),
                new Admission(null, other, null),
                Rate.UNLIMITED));

        assertThat(Discovery.sendTargets("127.0.0.1", port, OPTIONS)).isEmpty();
        assertThat(Discovery.sendTargets("127.0.0.1", port, OPTIONS.withChap(user, null)))
                .extracting(Discovery.DiscoveredTarget::name)
                .containsExactly(NAME);
        assertThat(Discovery.sendTargets("127.0.0.1", port, OPTIONS.withChap(other, null)))
                .extracting(Discovery.DiscoveredTarget::name)
                .containsExactly(NAME + ".other");
        assertThatThrownBy(() -> Discovery.sendTargets("127.0.0.1", port, OPTIONS.withChap(wrong, null)))
                .isInstanceOf(LoginRefusedException.class);
    }

    @Test
    void aScanOfTheExtentsAsksSeldom() {
        serve(Admission.ANYONE, memory, false);
        for (int i = 0; i < 200; i++) {
            memory.write(i * 65536L, ByteBuffer.allocate(4096));
        }
        try (IscsiDisk disk = IscsiDisk.open(address(), OPTIONS)) {
            List<Extent> remote = extents(disk);
            assertThat(remote).isEqualTo(extents(memory));
            disk.write(SIZE - 4096, ByteBuffer.allocate(4096));
            assertThat(disk.extentAt(SIZE - 4096).allocated()).isTrue();
        }
    }

    @Test
    void callsRideOutASessionThatIsCutAgainAndAgain() throws Exception {
        serve(Admission.ANYONE, memory, false);
        try (Relay relay = new Relay(server.address());
                IscsiDisk disk = IscsiDisk.open(address(relay.port()), OPTIONS.withQueueDepth(8))) {
            AtomicBoolean done = new AtomicBoolean();
            AtomicInteger rounds = new AtomicInteger();
            try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
                List<Future<?>> writers = new ArrayList<>();
                for (int writer = 0; writer < 12; writer++) {
                    writers.add(executor.submit(writeAndRead(disk, writer, done, rounds)));
                }
                for (int cut = 0; cut < 8; cut++) {
                    int before = rounds.get();
                    await(() -> rounds.get() >= before + 40);
                    relay.cut();
                }
                done.set(true);
                for (Future<?> writer : writers) {
                    writer.get(30, TimeUnit.SECONDS);
                }
            }
            assertThat(relay.connections()).isGreaterThan(4);
        }
    }

    @Test
    void aTargetThatRestartsOnItsPortIsNotNoticedByCallers() throws Exception {
        serve(Admission.ANYONE, memory, false);
        int port = server.address().getPort();
        try (IscsiDisk disk = IscsiDisk.open(address(), OPTIONS);
                ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            AtomicBoolean done = new AtomicBoolean();
            AtomicInteger rounds = new AtomicInteger();
            List<Future<?>> writers = new ArrayList<>();
            for (int writer = 0; writer < 4; writer++) {
                writers.add(executor.submit(writeAndRead(disk, writer, done, rounds)));
            }
            for (int restart = 0; restart < 2; restart++) {
                int before = rounds.get();
                await(() -> rounds.get() >= before + 20);
                server.close();
                server = start(port); // at first without the target: "not found" is waited out, too
                serve(Admission.ANYONE, memory, false);
            }
            int before = rounds.get();
            await(() -> rounds.get() >= before + 20);
            done.set(true);
            for (Future<?> writer : writers) {
                writer.get(30, TimeUnit.SECONDS);
            }
        }
    }

    @Test
    void aSilentPeerIsGivenUpAndReplaced() {
        serve(Admission.ANYONE, memory, false);
        try (Relay relay = new Relay(server.address());
                IscsiDisk disk = IscsiDisk.open(address(relay.port()), OPTIONS, Duration.ofMillis(100))) {
            relay.goSilent();
            await(() -> !disk.connected() || relay.connections() > 1);
            relay.cut();
            disk.write(0, ByteBuffer.allocate(512));
            assertThat(relay.connections()).isGreaterThan(1);
        }
    }

    @Test
    void anIdleSessionIsKeptByPings() {
        serve(Admission.ANYONE, memory, false);
        try (Relay relay = new Relay(server.address());
                IscsiDisk disk = IscsiDisk.open(address(relay.port()), OPTIONS, Duration.ofSeconds(1))) {
            await(() -> disk.inState().compareTo(Duration.ofMillis(2500)) > 0);
            assertThat(disk.connected()).isTrue();
            assertThat(relay.connections()).isEqualTo(1);
        }
    }

    @Test
    void waitingEndsWhereALimitIsSet() {
        serve(Admission.ANYONE, memory, false);
        try (IscsiDisk disk = IscsiDisk.open(address(), OPTIONS.withGiveUpAfter(Duration.ofMillis(200)))) {
            server.close();
            assertThatThrownBy(() -> disk.read(0, ByteBuffer.allocate(512)))
                    .isInstanceOfSatisfying(
                            BlockDeviceException.class,
                            e -> assertThat(e.transientFailure()).isTrue());
        }
    }

    @Test
    void closingWakesThoseWhoWait() throws Exception {
        serve(Admission.ANYONE, memory, false);
        IscsiDisk disk = IscsiDisk.open(address(), OPTIONS);
        server.close();
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<?> waiting = executor.submit(() -> disk.read(0, ByteBuffer.allocate(512)));
            await(() -> !disk.connected());
            disk.close();
            assertThatThrownBy(() -> waiting.get(10, TimeUnit.SECONDS)).hasMessageContaining("is closed");
        }
    }

    @Test
    void anotherDiskUnderTheSameNameIsRefused() {
        serve(Admission.ANYONE, memory, false);
        try (IscsiDisk disk = IscsiDisk.open(address(), OPTIONS)) {
            serve(Admission.ANYONE, new MemoryDisk(SIZE / 2, 512), false);
            assertThatThrownBy(() -> disk.read(0, ByteBuffer.allocate(512)))
                    .isInstanceOfSatisfying(
                            BlockDeviceException.class,
                            e -> assertThat(e.transientFailure()).isFalse())
                    .hasMessageContaining("another disk");
        }
    }

    @Test
    void aBusyDiskIsTriedAgain() {
        AtomicInteger troubles = new AtomicInteger(5);
        serve(Admission.ANYONE, new TroubledDisk(memory, troubles), false);
        try (IscsiDisk disk = IscsiDisk.open(address(), OPTIONS)) {
            disk.write(0, ByteBuffer.wrap(random(512)));
            ByteBuffer back = ByteBuffer.allocate(512);
            disk.read(0, back);
            assertThat(back.array()).isEqualTo(random(512));
            assertThat(troubles.get()).isNegative();
        }
    }

    private static Runnable writeAndRead(IscsiDisk disk, int writer, AtomicBoolean done, AtomicInteger rounds) {
        return () -> {
            Random random = new Random(writer);
            byte[] content = new byte[(writer % 3 == 0 ? 512 : 1) * 1024];
            long offset = writer * (1L << 20);
            while (!done.get()) {
                random.nextBytes(content);
                disk.write(offset, ByteBuffer.wrap(content));
                disk.flush();
                ByteBuffer back = ByteBuffer.allocate(content.length);
                disk.read(offset, back);
                assertThat(back.array()).isEqualTo(content);
                rounds.incrementAndGet();
            }
        };
    }

    private static List<Extent> extents(BlockDevice disk) {
        List<Extent> extents = new ArrayList<>();
        for (long at = 0; at < disk.sizeBytes(); at = extents.getLast().end()) {
            extents.add(disk.extentAt(at));
        }
        return extents;
    }

    /** A disk that fails for a passing reason so many times. */
    private static final class TroubledDisk extends ForwardingDisk {
        private final AtomicInteger troubles;

        TroubledDisk(BlockDevice disk, AtomicInteger troubles) {
            super(disk);
            this.troubles = troubles;
        }

        @Override
        public void write(long offset, ByteBuffer from) {
            trouble();
            super.write(offset, from);
        }

        @Override
        public void read(long offset, ByteBuffer into) {
            trouble();
            super.read(offset, into);
        }

        private void trouble() {
            if (troubles.getAndDecrement() > 0) {
                throw new BlockDeviceException("passing trouble", true);
            }
        }
    }

    private void serve(Admission admission, BlockDevice device, boolean readOnly) {
        server.serve(new TargetDefinition(
                NAME, List.of(new LogicalUnit(device, "serial-1", readOnly)), admission, Rate.UNLIMITED));
    }

    private DiskAddress address() {
        return address(server.address().getPort());
    }

    private static DiskAddress address(int port) {
        return new DiskAddress("127.0.0.1", port, NAME, 0);
    }

    private static TargetServer start(int port) {
        return TargetServer.start(TargetServerConfig.on(new InetSocketAddress(InetAddress.getLoopbackAddress(), port)));
    }

    private static void await(BooleanSupplier condition) {
        long limit = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime())
                    .as("time by which it should have happened")
                    .isLessThan(limit);
            LockSupport.parkNanos(1_000_000);
        }
    }

    private static ChapCredentials credentials(String user, String secret) {
        return new ChapCredentials(user, secret.getBytes(StandardCharsets.UTF_8));
    }

    private static byte[] random(int length) {
        byte[] content = new byte[length];
        new Random(length).nextBytes(content);
        return content;
    }
}
