package io.sluice.iscsi.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.sluice.iscsi.initiator.DiskAddress;
import io.sluice.iscsi.initiator.InitiatorOptions;
import io.sluice.iscsi.initiator.IscsiDisk;
import io.sluice.iscsi.login.Admission;
import io.sluice.iscsi.login.ChapCredentials;
import io.sluice.iscsi.pace.Pacer;
import io.sluice.iscsi.pace.Rate;
import io.sluice.iscsi.pdu.CommandFlags;
import io.sluice.iscsi.pdu.CommandRequest;
import io.sluice.iscsi.pdu.DataIn;
import io.sluice.iscsi.pdu.Isid;
import io.sluice.iscsi.pdu.NopIn;
import io.sluice.iscsi.pdu.NopOut;
import io.sluice.iscsi.pdu.Pdu;
import io.sluice.iscsi.pdu.ReadyToTransfer;
import io.sluice.iscsi.pdu.RequestNumbers;
import io.sluice.iscsi.scsi.CdbEncoder;
import io.sluice.iscsi.scsi.LogicalUnit;
import io.sluice.iscsi.scsi.ReservationStore;
import io.sluice.iscsi.scsi.ScsiCommand;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.LoggerFactory;

/** Peers that want too much, give too little, or look where they should not. */
@Timeout(120)
class HostilePeersTest {

    private static final String TARGET = "iqn.2026-11.io.sluice:wanted";
    private static final int TRANSFER = 4 << 20;
    private static final int IN_ALL = 8 << 20;
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final Duration SHORT = Duration.ofMillis(100);
    private static final Duration STALL = Duration.ofSeconds(1);

    private final GatedDisk disk = new GatedDisk(16 << 20);
    private final List<AutoCloseable> open = new ArrayList<>();

    @AfterEach
    void stop() throws Exception {
        disk.open();
        for (AutoCloseable one : open.reversed()) {
            one.close();
        }
    }

    @Test
    void whoHoldsAllMemoryMakesOthersWaitUntilItIsGivenUp() throws Exception {
        TargetServer server = server(STALL);
        askedForData(server, 1);
        askedForData(server, 2);
        assertThat(server.held().dataBytes()).isEqualTo(IN_ALL);
        RawInitiator honest = loggedIn(server, 3);
        honest.read(1, 0, 1);
        assertThat(receive(honest)).as("it waits, and does not fail").isInstanceOf(DataIn.class);
    }

    @Test
    void whoDoesNotSendTheDataOfItsWriteIsGivenUp() throws Exception {
        RawInitiator silent = askedForData(server(STALL), 1);
        assertThat(receive(silent)).as("the end, though it answers pings").isNull();
    }

    @Test
    void whoReadsNothingStopsBeingServedAndTheOthersDoNot() throws Exception {
        TargetServer server = server(LONG);
        RawInitiator slow = loggedIn(server, 1);
        for (int tag = 1; tag <= 16; tag++) {
            slow.read(tag, 0, (2 << 20) / 512);
        }
        RawInitiator honest = loggedIn(server, 2);
        for (int tag = 1; tag <= 100; tag++) {
            honest.read(tag, tag, 1);
            assertThat(honest.receive()).isInstanceOf(DataIn.class);
        }
        assertThat(server.held().dataBytes()).isLessThanOrEqualTo(IN_ALL);
    }

    @Test
    void nothingIsHeldForThoseWhoAreGone() throws Exception {
        TargetServer server = server(LONG);
        askedForData(server, 1).abort();
        askedForData(server, 2).close();
        long end = System.nanoTime() + LONG.toNanos();
        while (!server.held().equals(new TargetServer.Held(0, 0))) {
            assertThat(System.nanoTime()).as("limit of waiting").isLessThan(end);
            Thread.sleep(5);
        }
    }

    @Test
    void onlyTheConfiguredAddressIsListenedOn() {
        TargetServer server = server(LONG);
        assertThatThrownBy(() -> {
                    try (Socket elsewhere = new Socket()) {
                        elsewhere.connect(new InetSocketAddress(
                                "127.0.0.2", server.address().getPort()));
                    }
                })
                .isInstanceOf(ConnectException.class);
    }

    @Test
    void anInitiatorSeesNoTargetButThoseItMayUse() {
        Targets targets = new Targets(new Pacer(), ReservationStore.NONE, 1, LONG, LONG);
        ChapCredentials secret = credentials("one", "secret-of-one");
        targets.serve(definition("iqn.x:one", new Admission("iqn.x:first", secret, null)));
        targets.serve(definition("iqn.x:two", new Admission("iqn.x:second", null, null)));
        assertThat(targets.visibleTo("iqn.x:first", null)).as("nothing proven").isEmpty();
        assertThat(targets.visibleTo("iqn.x:first", credentials("one", "wrong")))
                .isEmpty();
        assertThat(targets.visibleTo("iqn.x:first", secret)).containsExactly("iqn.x:one");
        assertThat(targets.visibleTo("iqn.x:second", null)).containsExactly("iqn.x:two");
        assertThat(targets.visibleTo("iqn.x:third", secret)).isEmpty();
    }

    @Test
    void secretsAndProofsAreNeverLogged() {
        Logger root = (Logger) LoggerFactory.getLogger("io.sluice");
        Level before = root.getLevel();
        ListAppender<ILoggingEvent> lines = new ListAppender<>();
        lines.start();
        root.setLevel(Level.TRACE);
        root.addAppender(lines);
        try {
            TargetServer server = server(LONG);
            ChapCredentials user = credentials("user", "initiators-secret");
            ChapCredentials own = credentials("self", "the-targets-secret");
            server.serve(definition(TARGET, new Admission(null, user, own)));
            DiskAddress address = new DiskAddress("127.0.0.1", server.address().getPort(), TARGET, 0);
            InitiatorOptions options = InitiatorOptions.named("iqn.x:host");
            IscsiDisk.open(address, options.withChap(user, own)).close();
            assertThatThrownBy(() ->
                            IscsiDisk.open(address, options.withChap(credentials("user", "a-wrong-secret"), null)))
                    .hasMessageContaining("0201");
            server.withdraw(TARGET);
        } finally {
            root.detachAppender(lines);
            root.setLevel(before);
        }
        assertThat(lines.list).isNotEmpty();
        for (ILoggingEvent line : lines.list) {
            String all = line.getFormattedMessage() + line.getKeyValuePairs() + line.getThrowableProxy();
            for (String secret : List.of("initiators-secret", "the-targets-secret", "a-wrong-secret")) {
                String hex = HexFormat.of().formatHex(secret.getBytes(StandardCharsets.US_ASCII));
                assertThat(all).doesNotContain(secret, hex, "CHAP_R=");
            }
        }
    }

    /** A session that has a write of all a command may, and of which the target awaits the data. */
    private RawInitiator askedForData(TargetServer server, int isid) throws IOException {
        RawInitiator initiator = loggedIn(server, isid);
        byte[] cdb = CdbEncoder.encode(new ScsiCommand.Write(0, TRANSFER / 512, false));
        initiator.send(new CommandRequest(
                CommandFlags.WRITE,
                0,
                1,
                TRANSFER,
                new RequestNumbers(1, 0),
                ByteBuffer.allocate(16).put(0, cdb),
                Pdu.NO_DATA));
        assertThat(initiator.receive()).isInstanceOf(ReadyToTransfer.class);
        return initiator;
    }

    /** The next PDU but for pings, which are answered. */
    private static @Nullable Pdu receive(RawInitiator initiator) throws IOException {
        Pdu pdu = initiator.receive();
        while (pdu instanceof NopIn ping && ping.taskTag() == Pdu.RESERVED_TAG) {
            try {
                initiator.send(new NopOut(
                        true, 0, Pdu.RESERVED_TAG, ping.transferTag(), new RequestNumbers(0, 0), Pdu.NO_DATA));
            } catch (SocketException closed) {
                return null;
            }
            pdu = initiator.receive();
        }
        return pdu;
    }

    private RawInitiator loggedIn(TargetServer server, int isid) throws IOException {
        RawInitiator initiator = RawInitiator.loggedIn(server.address(), TARGET, new Isid(isid));
        open.add(initiator);
        return initiator;
    }

    private TargetServer server(Duration stall) {
        Duration supervision = stall.equals(LONG) ? LONG : SHORT;
        Limits limits =
                new Limits(20, 20, 8, 16, TRANSFER, IN_ALL, TRANSFER, 16384, LONG, supervision, stall, LONG, LONG);
        TargetServer server = TargetServer.start(
                new TargetServerConfig(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), limits));
        open.add(server);
        server.serve(definition(TARGET, Admission.ANYONE));
        return server;
    }

    private TargetDefinition definition(String name, Admission admission) {
        return new TargetDefinition(name, List.of(new LogicalUnit(disk, "wanted", false)), admission, Rate.UNLIMITED);
    }

    private static ChapCredentials credentials(String user, String secret) {
        return new ChapCredentials(user, secret.getBytes(StandardCharsets.US_ASCII));
    }
}
