package io.sluice.iscsi.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.iscsi.initiator.DiskAddress;
import io.sluice.iscsi.initiator.InitiatorOptions;
import io.sluice.iscsi.initiator.IscsiDisk;
import io.sluice.iscsi.login.Admission;
import io.sluice.iscsi.login.ChapCredentials;
import io.sluice.iscsi.pace.Rate;
import io.sluice.iscsi.pdu.CommandResponse;
import io.sluice.iscsi.pdu.DataIn;
import io.sluice.iscsi.pdu.Isid;
import io.sluice.iscsi.pdu.LoginResponse;
import io.sluice.iscsi.pdu.LoginStatus;
import io.sluice.iscsi.pdu.NopIn;
import io.sluice.iscsi.pdu.NopOut;
import io.sluice.iscsi.pdu.Pdu;
import io.sluice.iscsi.pdu.RequestNumbers;
import io.sluice.iscsi.scsi.LogicalUnit;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class TargetServerTest {

    private static final String TARGET = "iqn.2026-11.io.sluice:test";
    private static final long SIZE = 32 << 20;
    private static final Isid ISID = new Isid(0x80_0000_000001L);
    private static final int PER_ADDRESS = 10;

    private final GatedDisk disk = new GatedDisk(SIZE);
    private final TargetServer server = start(Duration.ofSeconds(20));

    private static TargetServer start(Duration patience) {
        return start(patience, patience);
    }

    private static TargetServer start(Duration patience, Duration quiesce) {
        Limits limits = new Limits(
                20,
                PER_ADDRESS,
                2,
                16,
                4 << 20,
                16 << 20,
                4 << 20,
                16384,
                patience,
                patience,
                patience,
                patience,
                quiesce);
        return TargetServer.start(
                new TargetServerConfig(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), limits));
    }

    @AfterEach
    void stop() {
        disk.open();
        server.close();
    }

    @Test
    void manyThreadsWriteAndReadBackWithMutualChapAndDigests() throws Exception {
        ChapCredentials user = credentials("user", "secret-of-user");
        ChapCredentials own = credentials("target", "secret-of-target");
        serve(disk, new Admission("iqn.x:host", user, own));
        try (IscsiDisk remote =
                IscsiDisk.open(address(), InitiatorOptions.named("iqn.x:host").withChap(user, own))) {
            assertThat(remote.serial()).isEqualTo("serial-1");
            int region = 2 << 20;
            try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
                for (int i = 0; i < SIZE / region; i++) {
                    long offset = (long) i * region;
                    threads.submit(() -> remote.write(offset, ByteBuffer.wrap(random(offset, region))))
                            .get();
                }
            }
            remote.flush();
            for (long offset = 0; offset < SIZE; offset += region) {
                ByteBuffer back = ByteBuffer.allocate(region);
                remote.read(offset, back);
                assertThat(Arrays.equals(back.array(), random(offset, region))).isTrue();
                assertThat(Arrays.equals(disk.content(offset, region), random(offset, region)))
                        .isTrue();
            }
            TargetStatus status = server.status().getFirst();
            assertThat(status.sessions().getFirst().initiator()).isEqualTo("iqn.x:host");
            assertThat(status.traffic().bytesWritten()).isEqualTo(SIZE);
            assertThat(status.traffic().bytesRead()).isEqualTo(SIZE);
        }
        await(() -> server.status().getFirst().sessions().isEmpty());
    }

    @Test
    void withdrawingWaitsForTheCommandOnTheDiskAndRefusesLaterLogins() throws Exception {
        serve(disk, Admission.ANYONE);
        try (RawInitiator initiator = RawInitiator.loggedIn(server.address(), TARGET, ISID)) {
            disk.shut();
            initiator.write(1, 0, block('a'));
            await(() -> disk.entered() == 1);
            CompletableFuture<Void> withdrawn = CompletableFuture.runAsync(() -> server.withdraw(TARGET));
            assertThat(initiator.receive()).as("the connection closes").isNull();
            try (RawInitiator late = new RawInitiator(server.address())) {
                assertThat(late.login("iqn.x:raw", TARGET, ISID).status()).isEqualTo(LoginStatus.NOT_FOUND);
            }
            assertThat(withdrawn).isNotDone();
            disk.open();
            withdrawn.join();
            assertThat(disk.content(0, 512)).isEqualTo(block('a'));
        }
        server.withdraw(TARGET);
        assertThat(server.status()).isEmpty();
    }

    @Test
    void aDiskThatHangsKeepsItsTargetFromBeingWithdrawnOrSwappedOnlySoLong() throws Exception {
        try (TargetServer hasty = start(Duration.ofSeconds(20), Duration.ofMillis(50))) {
            hasty.serve(new TargetDefinition(TARGET, units(disk), Admission.ANYONE, Rate.UNLIMITED));
            GatedDisk next = new GatedDisk(SIZE);
            try (RawInitiator initiator = RawInitiator.loggedIn(hasty.address(), TARGET, ISID)) {
                disk.shut();
                initiator.write(1, 0, block('a'));
                await(() -> disk.entered() == 1);
                assertThatThrownBy(() -> hasty.swap(TARGET, 0, next)).isInstanceOf(TargetBusyException.class);
                assertThatThrownBy(() -> hasty.withdraw(TARGET)).isInstanceOf(TargetBusyException.class);
                assertThatThrownBy(() -> hasty.withdraw(TARGET))
                        .as("it is not forgotten")
                        .isInstanceOf(TargetBusyException.class);
                assertThat(initiator.receive())
                        .as("the session is closed at once")
                        .isNull();
                disk.open();
                await(() -> {
                    try {
                        hasty.withdraw(TARGET);
                        return true;
                    } catch (TargetBusyException e) {
                        return false;
                    }
                });
                assertThat(disk.content(0, 512)).as("the write came through").isEqualTo(block('a'));
            }
        }
    }

    @Test
    void swappingWaitsForTheOldDeviceAndHoldsNewCommandsForTheNew() throws Exception {
        serve(disk, Admission.ANYONE);
        GatedDisk next = new GatedDisk(SIZE);
        try (RawInitiator initiator = RawInitiator.loggedIn(server.address(), TARGET, ISID)) {
            disk.shut();
            initiator.write(1, 0, block('a'));
            await(() -> disk.entered() == 1);
            CompletableFuture<Void> swapped = CompletableFuture.runAsync(() -> server.swap(TARGET, 0, next));
            initiator.send(new NopOut(true, 0, 5, Pdu.RESERVED_TAG, new RequestNumbers(2, 0), ByteBuffer.allocate(0)));
            assertThat(initiator.receive()).as("pings are answered meanwhile").isInstanceOf(NopIn.class);
            assertThat(swapped).isNotDone();
            disk.open();
            swapped.join();
            initiator.write(2, 1, block('b'));
            assertThat(initiator.receive()).isInstanceOf(CommandResponse.class);
            assertThat(initiator.receive()).isInstanceOf(CommandResponse.class);
            assertThat(disk.content(0, 512)).isEqualTo(block('a'));
            assertThat(disk.content(512, 512)).isEqualTo(new byte[512]);
            assertThat(next.content(512, 512)).isEqualTo(block('b'));
        }
        assertThatThrownBy(() -> server.swap(TARGET, 0, new GatedDisk(512)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("512");
    }

    @Test
    void aSessionIsReinstatedAtOnceAndItsWritesComeAfterTheOldOnes() throws Exception {
        serve(disk, Admission.ANYONE);
        try (RawInitiator old = RawInitiator.loggedIn(server.address(), TARGET, ISID)) {
            disk.shut();
            old.write(1, 0, block('a'));
            await(() -> disk.entered() == 1);
            try (RawInitiator fresh = RawInitiator.newcomer(server.address(), TARGET, ISID)) {
                assertThat(old.receive()).as("the old connection closes").isNull();
                fresh.write(1, 0, block('b'));
                fresh.send(new NopOut(true, 0, 5, Pdu.RESERVED_TAG, new RequestNumbers(2, 0), ByteBuffer.allocate(0)));
                assertThat(fresh.receive()).isInstanceOf(NopIn.class);
                assertThat(disk.entered())
                        .as("the new write has not overtaken the old")
                        .isEqualTo(1);
                disk.open();
                assertThat(fresh.receive())
                        .isInstanceOfSatisfying(
                                CommandResponse.class,
                                attention -> assertThat(attention.status()).isEqualTo(2));
                fresh.write(2, 0, block('b'));
                assertThat(fresh.receive()).isInstanceOf(CommandResponse.class);
                assertThat(disk.content(0, 512)).isEqualTo(block('b'));
                assertThat(server.status().getFirst().sessions()).hasSize(1);
            }
        }
    }

    @Test
    void aConnectionIsReinstatedWithItsSessionAndTheOldCommandsEndFirst() throws Exception {
        serve(disk, Admission.ANYONE);
        try (RawInitiator old = RawInitiator.loggedIn(server.address(), TARGET, ISID)) {
            disk.shut();
            old.write(1, 0, block('a'));
            await(() -> disk.entered() == 1);
            try (RawInitiator again = RawInitiator.takingOver(server.address(), TARGET, ISID, old)) {
                assertThat(old.receive()).as("the old connection closes").isNull();
                again.write(2, 0, block('b'));
                again.send(new NopOut(true, 0, 5, Pdu.RESERVED_TAG, new RequestNumbers(3, 0), ByteBuffer.allocate(0)));
                assertThat(again.receive()).isInstanceOf(NopIn.class);
                assertThat(disk.entered()).isEqualTo(1);
                disk.open();
                assertThat(again.receive())
                        .as("the session is the same: the unit has nothing to tell it")
                        .isInstanceOfSatisfying(
                                CommandResponse.class,
                                done -> assertThat(done.status()).isZero());
                assertThat(disk.content(0, 512)).isEqualTo(block('b'));
                assertThat(server.status().getFirst().sessions()).hasSize(1);
            }
        }
    }

    @Test
    void aReaderThatTakesNothingIsNotServedWithoutEnd() throws Exception {
        serve(disk, Admission.ANYONE);
        try (RawInitiator initiator = RawInitiator.loggedIn(server.address(), TARGET, ISID)) {
            int commands = 16;
            for (int tag = 1; tag <= commands; tag++) {
                initiator.read(tag, 0, (2 << 20) / 512);
            }
            await(() -> disk.entered() >= 2);
            initiator.receive();
            assertThat(disk.entered())
                    .as("what is read ahead stays near the session's buffer")
                    .isLessThan(commands / 2);
            readToTheEnd(initiator, commands);
        }
    }

    @Test
    void theRateHoldsAndMayBeChangedWhileCommandsWait() throws Exception {
        server.serve(new TargetDefinition(TARGET, units(disk), Admission.ANYONE, Rate.ofBytes(1024L)));
        try (RawInitiator initiator = RawInitiator.loggedIn(server.address(), TARGET, ISID)) {
            initiator.read(1, 0, 2048);
            readToTheEnd(initiator, 1);
            initiator.read(2, 0, 1);
            initiator.send(new NopOut(true, 0, 5, Pdu.RESERVED_TAG, new RequestNumbers(3, 0), ByteBuffer.allocate(0)));
            assertThat(initiator.receive()).as("only data waits").isInstanceOf(NopIn.class);
            assertThat(disk.entered()).isEqualTo(1);
            server.limit(TARGET, Rate.UNLIMITED);
            assertThat(initiator.receive()).isInstanceOf(DataIn.class);
        }
    }

    @Test
    void aTargetThatIsServedAsAtFirstIsAsFastAsAtFirst() throws Exception {
        serve(disk, Admission.ANYONE);
        try (RawInitiator initiator = RawInitiator.loggedIn(server.address(), TARGET, ISID)) {
            server.serve(new TargetDefinition(TARGET, units(disk), Admission.ANYONE, Rate.ofBytes(1024L)));
            // leaves a debt of minutes
            initiator.read(1, 0, 2048);
            readToTheEnd(initiator, 1);
            serve(disk, Admission.ANYONE);
            initiator.read(2, 0, 1);
            assertThat(initiator.receive()).isInstanceOf(DataIn.class);
        }
    }

    @Test
    void aTargetTakesNoMoreSessionsThanItsLimit() throws Exception {
        serve(disk, Admission.ANYONE);
        try (RawInitiator one = RawInitiator.loggedIn(server.address(), TARGET, ISID);
                RawInitiator other = RawInitiator.loggedIn(server.address(), TARGET, new Isid(2));
                RawInitiator third = new RawInitiator(server.address())) {
            LoginResponse refused = third.login("iqn.x:third", TARGET, new Isid(3));
            assertThat(refused.status()).isEqualTo(LoginStatus.OUT_OF_RESOURCES);
            assertThat(List.of(one, other)).hasSize(2);
        }
    }

    @Test
    void idleAndSurplusConnectionsAreClosed() throws Exception {
        try (TargetServer impatient = start(Duration.ofMillis(500))) {
            RawInitiator[] idle = new RawInitiator[PER_ADDRESS + 3];
            for (int i = 0; i < idle.length; i++) {
                idle[i] = new RawInitiator(impatient.address());
            }
            for (RawInitiator initiator : idle) {
                assertThat(initiator.receive())
                        .as("one too many, or too slow to log in")
                        .isNull();
                initiator.close();
            }
        }
    }

    @Test
    void aSilentInitiatorIsPingedAndGivenUp() throws Exception {
        try (TargetServer impatient = start(Duration.ofMillis(500))) {
            impatient.serve(new TargetDefinition(TARGET, units(disk), Admission.ANYONE, Rate.UNLIMITED));
            try (RawInitiator silent = RawInitiator.loggedIn(impatient.address(), TARGET, ISID)) {
                assertThat(silent.receive()).as("a ping").isInstanceOf(NopIn.class);
                assertThat(silent.receive()).as("given up").isNull();
            }
        }
    }

    @Test
    void noiseEndsItsConnectionAlone() throws Exception {
        serve(disk, Admission.ANYONE);
        try (RawInitiator noisy = new RawInitiator(server.address())) {
            noisy.sendBytes("GET / HTTP/1.1\r\nHost: localhost\r\nAccept: everything there is\r\n\r\n"
                    .getBytes(StandardCharsets.US_ASCII));
            assertThat(noisy.receive()).isNull();
        }
        RawInitiator.loggedIn(server.address(), TARGET, ISID).close();
    }

    @Test
    void servingTheSameAgainChangesNothingAndSomethingElseReplacesIt() throws Exception {
        serve(disk, Admission.ANYONE);
        try (RawInitiator initiator = RawInitiator.loggedIn(server.address(), TARGET, ISID)) {
            serve(disk, Admission.ANYONE);
            server.serve(new TargetDefinition(TARGET, units(disk), Admission.ANYONE, Rate.ofBytes(1L << 30)));
            initiator.read(1, 0, 1);
            assertThat(initiator.receive()).isInstanceOf(DataIn.class);
            serve(disk, new Admission("iqn.x:other", null, null));
            assertThat(initiator.receive()).isNull();
        }
        assertThatThrownBy(() -> RawInitiator.loggedIn(server.address(), TARGET, ISID))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(LoginStatus.AUTHORIZATION_FAILURE.toString());
    }

    @Test
    void aTakenPortIsNamed() {
        assertThatThrownBy(() -> TargetServer.start(TargetServerConfig.on(server.address())))
                .hasMessageContaining(String.valueOf(server.address().getPort()));
    }

    private static void readToTheEnd(RawInitiator initiator, int commands) throws IOException {
        int answered = 0;
        while (answered < commands) {
            Pdu pdu = initiator.receive();
            assertThat(pdu).isInstanceOf(DataIn.class);
            answered += pdu instanceof DataIn in && in.ending() != null ? 1 : 0;
        }
    }

    private void serve(GatedDisk device, Admission admission) {
        server.serve(new TargetDefinition(TARGET, units(device), admission, Rate.UNLIMITED));
    }

    private static List<LogicalUnit> units(GatedDisk device) {
        return List.of(new LogicalUnit(device, "serial-1", false));
    }

    private DiskAddress address() {
        return new DiskAddress("127.0.0.1", server.address().getPort(), TARGET, 0);
    }

    private static byte[] block(char fill) {
        byte[] block = new byte[512];
        Arrays.fill(block, (byte) fill);
        return block;
    }

    private static byte[] random(long seed, int length) {
        byte[] bytes = new byte[length];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    private static ChapCredentials credentials(String user, String secret) {
        return new ChapCredentials(user, secret.getBytes(StandardCharsets.US_ASCII));
    }

    private static void await(BooleanSupplier condition) throws InterruptedException {
        long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("limit of waiting").isLessThan(end);
            Thread.sleep(5);
        }
    }
}
