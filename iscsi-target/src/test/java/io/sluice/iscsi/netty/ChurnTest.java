package io.sluice.iscsi.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.util.internal.PlatformDependent;
import io.sluice.iscsi.login.Admission;
import io.sluice.iscsi.login.TextKeys;
import io.sluice.iscsi.pace.Rate;
import io.sluice.iscsi.pdu.Digests;
import io.sluice.iscsi.pdu.Isid;
import io.sluice.iscsi.pdu.LoginFlags;
import io.sluice.iscsi.pdu.LoginRequest;
import io.sluice.iscsi.pdu.LoginStage;
import io.sluice.iscsi.pdu.PduEncoder;
import io.sluice.iscsi.pdu.RequestNumbers;
import io.sluice.iscsi.scsi.LogicalUnit;
import java.io.File;
import java.io.IOException;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Peers that come and go in every way but the right one: nothing of them may stay. */
@Timeout(300)
class ChurnTest {

    private static final String TARGET = "iqn.2026-11.io.sluice:churn";
    private static final int CYCLES = Integer.getInteger("churn.cycles", 20_000);
    private static final int AT_ONCE = 8;
    private static final int WARM_UP = 2_000;
    private static final long HEAP_SLACK = 8L << 20;
    private static final long DIRECT_SLACK = 8L << 20;
    private static final int DESCRIPTOR_SLACK = 4;

    private final GatedDisk disk = new GatedDisk(4 << 20);
    private final TargetServer server =
            TargetServer.start(TargetServerConfig.on(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)));

    @AfterEach
    void stop() {
        disk.open();
        server.close();
    }

    private record Footprint(long heap, long direct, int descriptors) {}

    @Test
    void twentyThousandPeersLeaveNothingBehind() throws Exception {
        Path descriptors = Path.of("/proc/self/fd");
        assumeTrue(Files.isDirectory(descriptors), "there is no " + descriptors);
        server.serve(new TargetDefinition(
                TARGET, List.of(new LogicalUnit(disk, "churn", false)), Admission.ANYONE, Rate.UNLIMITED));
        churn(WARM_UP);
        Footprint before = footprint(descriptors);
        churn(CYCLES);
        Footprint after = footprint(descriptors);
        assertThat(after.descriptors).as("descriptors").isLessThanOrEqualTo(before.descriptors + DESCRIPTOR_SLACK);
        assertThat(after.heap).as("heap").isLessThan(before.heap + HEAP_SLACK);
        assertThat(after.direct).as("direct memory").isLessThan(before.direct + DIRECT_SLACK);
        assertThat(server.held()).as("of connections and memory for data").isEqualTo(new TargetServer.Held(0, 0));
        RawInitiator.loggedIn(server.address(), TARGET, new Isid(1)).close();
    }

    private void churn(int cycles) throws Exception {
        try (ExecutorService peers = Executors.newFixedThreadPool(AT_ONCE)) {
            List<Future<?>> all = new ArrayList<>();
            for (int peer = 0; peer < AT_ONCE; peer++) {
                int number = peer;
                all.add(peers.submit(() -> {
                    Random random = new Random(number);
                    for (int cycle = 0; cycle < cycles / AT_ONCE; cycle++) {
                        comeAndGo(number, random);
                    }
                    return null;
                }));
            }
            for (Future<?> one : all) {
                one.get();
            }
        }
        disk.open();
        await(() -> server.held().equals(new TargetServer.Held(0, 0))
                && server.status().getFirst().sessions().isEmpty());
    }

    private void comeAndGo(int number, Random random) throws IOException {
        int way = random.nextInt(8);
        try (RawInitiator peer = new RawInitiator(server.address())) {
            switch (way) {
                case 0 -> {}
                case 1 -> {
                    byte[] garbage = new byte[1 + random.nextInt(200)];
                    random.nextBytes(garbage);
                    peer.sendBytes(garbage);
                }
                case 2 -> peer.sendBytes(Arrays.copyOf(loginBytes(), 1 + random.nextInt(60)));
                case 3 -> peer.login("iqn.x:churn" + number, "iqn.x:none", new Isid(number));
                case 4 -> peer.send(half());
                default -> vanishLoggedIn(peer, number, way);
            }
            if (random.nextBoolean()) {
                peer.abort();
            }
        }
    }

    /** With commands on the disk, which is shut every now and then. */
    private void vanishLoggedIn(RawInitiator peer, int number, int way) throws IOException {
        peer.login("iqn.x:churn" + number, TARGET, new Isid(number));
        if (way == 6) {
            disk.shut();
        } else if (way == 7) {
            disk.open();
        }
        peer.read(1, 0, 8);
        peer.write(2, 8, new byte[1024]);
        peer.read(3, 16, 512);
    }

    private static LoginRequest half() {
        TextKeys keys = TextKeys.EMPTY.with("InitiatorName", "iqn.x:half").with("TargetName", TARGET);
        LoginFlags flags = LoginFlags.transit(LoginStage.SECURITY, LoginStage.OPERATIONAL);
        return new LoginRequest(flags, 0, 0, new Isid(5), 0, 1, 0, new RequestNumbers(1, 0), keys.encode());
    }

    private static byte[] loginBytes() {
        PduEncoder.Encoded encoded = new PduEncoder(Digests.NONE).encode(half());
        ByteBuffer bytes = ByteBuffer.allocate(encoded.bytes());
        for (ByteBuffer part : encoded.buffers()) {
            bytes.put(part);
        }
        return bytes.array();
    }

    private static Footprint footprint(Path descriptors) throws InterruptedException {
        long heap = Long.MAX_VALUE;
        for (int round = 0; round < 5; round++) {
            System.gc();
            Thread.sleep(50);
            heap = Math.min(
                    heap,
                    ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
        }
        long direct = ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
                .mapToLong(BufferPoolMXBean::getMemoryUsed)
                .sum();
        File[] open = Objects.requireNonNull(descriptors.toFile().listFiles());
        return new Footprint(heap, direct + PlatformDependent.usedDirectMemory(), open.length);
    }

    private static void await(BooleanSupplier condition) throws InterruptedException {
        long end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("limit of waiting").isLessThan(end);
            Thread.sleep(5);
        }
    }
}
