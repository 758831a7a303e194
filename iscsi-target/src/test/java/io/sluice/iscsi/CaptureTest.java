package io.sluice.iscsi;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.iscsi.block.MemoryDisk;
import io.sluice.iscsi.initiator.DiskAddress;
import io.sluice.iscsi.initiator.InitiatorOptions;
import io.sluice.iscsi.initiator.IscsiDisk;
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
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is on the wire, as Wireshark's dissectors see it. */
@Timeout(120)
class CaptureTest {
    private static final String NAME = "iqn.2026-11.io.sluice:captured";
    private static final int SIZE = 4 << 20;

    @TempDir
    private Path directory;

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aLoginAWriteAndAReadAreDissectedWithoutAWarning(boolean digests) throws Exception {
        Path file = directory.resolve("session.pcap");
        capture(file, digests);
        String seen = Tool.output(directory, "tshark", "-r", file.toString(), "-Y", "iscsi");
        assertThat(seen)
                .contains("Login Command", "Login Response (Success)")
                .contains("Ready To Transfer", "SCSI: Write(1", "SCSI: Data Out LUN: 0x00 (Write(1")
                .contains("SCSI: Read(1", "SCSI: Data In LUN: 0x00 (Read(1", "(Good)")
                .contains("Logout Command (Close session)", "Logout Response")
                .doesNotContain("Malformed", "Reject");
        assertThat(Tool.output(directory, "tshark", "-r", file.toString(), "-q", "-z", "expert,warn"))
                .doesNotContain("Warn", "Error");
    }

    private static void capture(Path file, boolean digests) throws Exception {
        ChapCredentials chap = new ChapCredentials("user", "a-secret-on-wire".getBytes(StandardCharsets.US_ASCII));
        try (MemoryDisk disk = new MemoryDisk(SIZE, 512);
                TargetServer server = TargetServer.start(
                        TargetServerConfig.on(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)));
                Capture capture = new Capture(server.address())) {
            server.serve(new TargetDefinition(
                    NAME,
                    List.of(new LogicalUnit(disk, "captured", false)),
                    new Admission(null, chap, null),
                    Rate.UNLIMITED));
            InitiatorOptions options = InitiatorOptions.named("iqn.x:host").withChap(chap, null);
            try (IscsiDisk remote = IscsiDisk.open(
                    new DiskAddress("127.0.0.1", capture.port(), NAME, 0),
                    digests ? options : options.withoutDigests())) {
                remote.write(0, ByteBuffer.allocate(512));
                remote.write(4096, ByteBuffer.allocate(1 << 20));
                remote.read(0, ByteBuffer.allocate(512));
                remote.read(4096, ByteBuffer.allocate(1 << 20));
                remote.flush();
            }
            capture.write(file);
        }
    }
}
