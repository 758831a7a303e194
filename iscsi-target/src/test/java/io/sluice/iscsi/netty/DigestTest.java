package io.sluice.iscsi.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.iscsi.block.MemoryDisk;
import io.sluice.iscsi.login.Admission;
import io.sluice.iscsi.pace.Rate;
import io.sluice.iscsi.pdu.Digests;
import io.sluice.iscsi.pdu.NopIn;
import io.sluice.iscsi.pdu.NopOut;
import io.sluice.iscsi.pdu.Pdu;
import io.sluice.iscsi.pdu.Reject;
import io.sluice.iscsi.pdu.RequestNumbers;
import io.sluice.iscsi.scsi.LogicalUnit;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Digests that are wrong, on ErrorRecoveryLevel 0 (RFC 7143 §7.8): each ends its connection, and no other. */
@Timeout(60)
class DigestTest {

    private static final String TARGET = "iqn.2026-11.io.sluice:digests";
    private static final Digests BOTH = new Digests(true, true);
    private static final int IN_HEADER = 17;
    private static final int IN_DATA = 48 + 4 + 2;

    private final MemoryDisk disk = new MemoryDisk(1 << 20, 512);
    private final TargetServer server =
            TargetServer.start(TargetServerConfig.on(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)));

    @BeforeEach
    void serve() {
        server.serve(new TargetDefinition(
                TARGET, List.of(new LogicalUnit(disk, "digests", false)), Admission.ANYONE, Rate.UNLIMITED));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void rightDigestsAreTakenAndGiven() throws Exception {
        try (RawInitiator initiator = loggedIn()) {
            initiator.send(ping());
            assertThat(initiator.receive())
                    .isInstanceOfSatisfying(
                            NopIn.class, pong -> assertThat(pong.data()).isEqualTo(ping().data()));
        }
    }

    @Test
    void aWrongHeaderDigestEndsTheConnectionSilently() throws Exception {
        try (RawInitiator other = loggedIn();
                RawInitiator initiator = loggedIn()) {
            initiator.sendCorrupt(ping(), IN_HEADER);
            assertThat(initiator.receive()).as("the end").isNull();
            assertThat(other).isNotNull();
        }
    }

    @Test
    void aWrongDataDigestIsRejectedWithTheHeaderAndEndsTheConnection() throws Exception {
        try (RawInitiator initiator = loggedIn()) {
            initiator.sendCorrupt(ping(), IN_DATA);
            assertThat(initiator.receive()).isInstanceOfSatisfying(Reject.class, reject -> {
                assertThat(reject.reason()).isEqualTo(Reject.DATA_DIGEST_ERROR);
                assertThat(reject.data().remaining()).isEqualTo(48);
                assertThat(reject.data().getInt(16)).as("the task tag").isEqualTo(7);
            });
            assertThat(initiator.receive()).as("the end").isNull();
        }
    }

    private RawInitiator loggedIn() throws Exception {
        RawInitiator initiator = new RawInitiator(server.address());
        initiator.loginWith(BOTH, TARGET);
        return initiator;
    }

    private static NopOut ping() {
        ByteBuffer data = ByteBuffer.wrap("hello".getBytes(StandardCharsets.US_ASCII));
        return new NopOut(true, 0, 7, Pdu.RESERVED_TAG, new RequestNumbers(1, 0), data);
    }
}
