package io.sluice.iscsi.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.epoll.Epoll;
import io.sluice.iscsi.block.FileDisk;
import io.sluice.iscsi.login.Admission;
import io.sluice.iscsi.pace.Rate;
import io.sluice.iscsi.pdu.DataIn;
import io.sluice.iscsi.pdu.Isid;
import io.sluice.iscsi.pdu.NopIn;
import io.sluice.iscsi.pdu.NopOut;
import io.sluice.iscsi.pdu.Pdu;
import io.sluice.iscsi.pdu.RequestNumbers;
import io.sluice.iscsi.scsi.LogicalUnit;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Reads that need no waiting are answered by the event loop itself, all others by a thread; over both transports. */
@Timeout(60)
class ReadNowTest {

    private static final String TARGET = "iqn.2026-11.io.sluice:now";
    private static final Isid ISID = new Isid(0x80_0000_000001L);
    private static final int SIZE = 4 << 20;

    @TempDir
    private Path directory;

    private final GatedDisk disk = new GatedDisk(SIZE);
    private TargetServer server = start(Transport.JDK);

    @AfterEach
    void stop() {
        disk.open();
        server.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"jdk", "best"})
    void whatIsCachedIsReadThoughTheDiskHangs(String transport) throws Exception {
        serve(transport);
        byte[] content = fill();
        disk.cached(true);
        disk.shut();
        try (RawInitiator initiator = RawInitiator.loggedIn(server.address(), TARGET, ISID)) {
            initiator.read(1, 0, 8);
            initiator.read(2, 8, 2048);
            assertThat(data(initiator, 1, 4096)).isEqualTo(Arrays.copyOf(content, 4096));
            assertThat(data(initiator, 2, 1 << 20)).isEqualTo(Arrays.copyOfRange(content, 4096, 4096 + (1 << 20)));
            assertThat(server.status().getFirst().traffic().reads()).isEqualTo(2);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"jdk", "best"})
    void whatIsNotCachedWaitsForTheDiskAndNobodyElseDoes(String transport) throws Exception {
        serve(transport);
        byte[] content = fill();
        disk.shut();
        try (RawInitiator initiator = RawInitiator.loggedIn(server.address(), TARGET, ISID)) {
            initiator.read(1, 0, 8);
            initiator.send(new NopOut(
                    true, 0, 2, Pdu.RESERVED_TAG, new RequestNumbers(2, 0), ByteBuffer.wrap(new byte[] {7})));
            assertThat(initiator.receive()).isInstanceOf(NopIn.class);
            disk.cached(true);
            initiator.read(3, 8, 8);
            assertThat(data(initiator, 3, 4096)).isEqualTo(Arrays.copyOfRange(content, 4096, 8192));
            disk.open();
            assertThat(data(initiator, 1, 4096)).isEqualTo(Arrays.copyOf(content, 4096));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 64})
    void aFileIsReadAsItIsByManyCommandsAtOnce(int depth) throws Exception {
        Path file = directory.resolve("disk");
        byte[] content = new byte[SIZE];
        new Random(depth).nextBytes(content);
        try (RandomAccessFile made = new RandomAccessFile(file.toFile(), "rw")) {
            made.write(content);
        }
        try (FileDisk onFile = FileDisk.open(file, 512, true)) {
            server.serve(new TargetDefinition(
                    TARGET, List.of(new LogicalUnit(onFile, "file", true)), Admission.ANYONE, Rate.UNLIMITED));
            try (RawInitiator initiator = RawInitiator.loggedIn(server.address(), TARGET, ISID)) {
                for (int tag = 0; tag < depth; tag++) {
                    initiator.read(tag, tag * 8L, 8);
                }
                for (int tag = 0; tag < depth; tag++) {
                    assertThat(data(initiator, tag, 4096))
                            .isEqualTo(Arrays.copyOfRange(content, tag * 4096, (tag + 1) * 4096));
                }
            }
            server.withdraw(TARGET);
        }
    }

    private void serve(String transport) {
        if (transport.equals("best")) {
            assertThat(Epoll.isAvailable())
                    .as("Linux on x86-64 has epoll")
                    .isEqualTo(System.getProperty("os.arch").equals("amd64"));
            server.close();
            server = start(Transport.best());
        }
        server.serve(new TargetDefinition(
                TARGET, List.of(new LogicalUnit(disk, "gated", false)), Admission.ANYONE, Rate.UNLIMITED));
    }

    private static TargetServer start(Transport transport) {
        InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        return TargetServer.start(TargetServerConfig.on(any), transport);
    }

    private byte[] fill() {
        byte[] content = new byte[SIZE];
        new Random(1).nextBytes(content);
        disk.write(0, ByteBuffer.wrap(content));
        return content;
    }

    /** The data of one command; if others' comes in between, the test fails. */
    private static byte[] data(RawInitiator initiator, int tag, int length) throws IOException {
        ByteBuffer data = ByteBuffer.allocate(length);
        while (data.hasRemaining()) {
            if (!(initiator.receive() instanceof DataIn in)) {
                throw new IOException("no data for command " + tag);
            }
            assertThat(in.taskTag()).isEqualTo(tag);
            data.put(in.data().duplicate());
        }
        return data.array();
    }
}
