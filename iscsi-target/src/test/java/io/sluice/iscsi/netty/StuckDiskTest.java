package io.sluice.iscsi.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.iscsi.initiator.DiskAddress;
import io.sluice.iscsi.initiator.InitiatorOptions;
import io.sluice.iscsi.initiator.IscsiDisk;
import io.sluice.iscsi.login.Admission;
import io.sluice.iscsi.pace.Rate;
import io.sluice.iscsi.pdu.CommandResponse;
import io.sluice.iscsi.pdu.DataIn;
import io.sluice.iscsi.pdu.Isid;
import io.sluice.iscsi.pdu.NopIn;
import io.sluice.iscsi.pdu.NopOut;
import io.sluice.iscsi.pdu.Pdu;
import io.sluice.iscsi.pdu.RequestNumbers;
import io.sluice.iscsi.scsi.LogicalUnit;
import io.sluice.iscsi.scsi.ScsiStatus;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A disk that does not answer: the session lives, newcomers are told BUSY, and nobody hears of an error. */
@Timeout(60)
class StuckDiskTest {

    private static final String TARGET = "iqn.2026-11.io.sluice:stuck";
    private static final long SIZE = 1 << 20;
    private static final Isid ISID = new Isid(0x80_0000_000001L);
    private static final Duration PATIENCE = Duration.ofMillis(200);

    private final GatedDisk disk = new GatedDisk(SIZE);
    private final TargetServer server = TargetServer.start(new TargetServerConfig(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), Limits.DEFAULT.withPatience(PATIENCE)));

    @BeforeEach
    void serve() {
        LogicalUnit unit = new LogicalUnit(disk, "stuck", false);
        server.serve(new TargetDefinition(TARGET, List.of(unit), Admission.ANYONE, Rate.UNLIMITED));
    }

    @AfterEach
    void stop() {
        disk.open();
        server.close();
    }

    @Test
    void commandsAfterTheStuckOneAreToldBusyAndPingsAreAnswered() throws Exception {
        try (RawInitiator initiator = RawInitiator.loggedIn(server.address(), TARGET, ISID)) {
            disk.shut();
            initiator.write(1, 0, new byte[512]);
            await(() -> disk.entered() == 1);
            Thread.sleep(PATIENCE.toMillis() * 2);
            initiator.read(2, 0, 1);
            assertThat(initiator.receive())
                    .isInstanceOfSatisfying(
                            CommandResponse.class,
                            response -> assertThat(response.status()).isEqualTo(ScsiStatus.BUSY.code()));
            assertThat(disk.entered()).as("it went to no disk").isEqualTo(1);
            initiator.send(new NopOut(true, 0, 5, Pdu.RESERVED_TAG, new RequestNumbers(3, 0), ByteBuffer.allocate(0)));
            assertThat(initiator.receive()).isInstanceOf(NopIn.class);
            disk.open();
            assertThat(initiator.receive())
                    .isInstanceOfSatisfying(
                            CommandResponse.class,
                            response -> assertThat(response.status())
                                    .as("the stuck write was done in the end")
                                    .isEqualTo(ScsiStatus.GOOD.code()));
            initiator.read(3, 0, 1);
            assertThat(initiator.receive()).as("and all is well again").isInstanceOf(DataIn.class);
        }
    }

    @Test
    void aSlowDiskIsNotStuckWhileCommandsEnd() throws Exception {
        try (RawInitiator initiator = RawInitiator.loggedIn(server.address(), TARGET, ISID)) {
            disk.shut();
            initiator.write(1, 0, new byte[512]);
            await(() -> disk.entered() == 1);
            initiator.read(2, 0, 1);
            await(() -> disk.entered() == 2);
            Thread.sleep(PATIENCE.toMillis() * 2);
            disk.open();
            assertThat(initiator.receive()).isNotNull();
            assertThat(initiator.receive()).isNotNull();
            disk.shut();
            initiator.read(3, 0, 1);
            await(() -> disk.entered() == 3);
            initiator.read(4, 0, 1);
            await(() -> disk.entered() == 4);
        }
    }

    @Test
    void aNewSessionIsToldBusyWhileTheOldOnesWriteIsStuck() throws Exception {
        try (RawInitiator old = RawInitiator.loggedIn(server.address(), TARGET, ISID)) {
            disk.shut();
            old.write(1, 0, new byte[512]);
            await(() -> disk.entered() == 1);
            try (RawInitiator fresh = RawInitiator.newcomer(server.address(), TARGET, ISID)) {
                fresh.read(1, 0, 1);
                assertThat(fresh.receive())
                        .isInstanceOfSatisfying(
                                CommandResponse.class,
                                response -> assertThat(response.status()).isEqualTo(ScsiStatus.BUSY.code()));
                assertThat(disk.entered()).isEqualTo(1);
            }
        }
    }

    @Test
    void aNewSessionDoesNotWaitForTheOldOnesRead() throws Exception {
        TargetServerConfig patience = TargetServerConfig.on(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        try (TargetServer patient = TargetServer.start(patience)) {
            LogicalUnit unit = new LogicalUnit(disk, "stuck", false);
            patient.serve(new TargetDefinition(TARGET, List.of(unit), Admission.ANYONE, Rate.UNLIMITED));
            try (RawInitiator old = RawInitiator.loggedIn(patient.address(), TARGET, ISID)) {
                disk.shut();
                old.read(1, 0, 1);
                await(() -> disk.entered() == 1);
                try (RawInitiator fresh = RawInitiator.loggedIn(patient.address(), TARGET, ISID)) {
                    fresh.write(1, 8, new byte[512]);
                    await(() -> disk.entered() == 2);
                    disk.open();
                    assertThat(fresh.receive())
                            .isInstanceOfSatisfying(
                                    CommandResponse.class,
                                    response -> assertThat(response.status()).isEqualTo(ScsiStatus.GOOD.code()));
                }
            }
        }
    }

    @Test
    void theOwnInitiatorOnlyWaits() throws Exception {
        DiskAddress address = new DiskAddress("127.0.0.1", server.address().getPort(), TARGET, 0);
        try (IscsiDisk remote = IscsiDisk.open(address, InitiatorOptions.named("iqn.x:host"))) {
            disk.shut();
            int before = disk.entered();
            CompletableFuture<Void> first = CompletableFuture.runAsync(() -> remote.write(0, ByteBuffer.allocate(512)));
            await(() -> disk.entered() > before);
            Thread.sleep(PATIENCE.toMillis() * 2);
            CompletableFuture<Void> second =
                    CompletableFuture.runAsync(() -> remote.read(512, ByteBuffer.allocate(512)));
            await(() -> server.status().getFirst().traffic().failures() > 0);
            assertThat(second).isNotDone();
            disk.open();
            first.join();
            second.join();
        }
    }

    private static void await(BooleanSupplier condition) throws InterruptedException {
        while (!condition.getAsBoolean()) {
            Thread.sleep(2);
        }
    }
}
