package io.sluice.iscsi;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.iscsi.block.FileDisk;
import io.sluice.iscsi.login.Admission;
import io.sluice.iscsi.login.ChapCredentials;
import io.sluice.iscsi.netty.TargetDefinition;
import io.sluice.iscsi.netty.TargetServer;
import io.sluice.iscsi.netty.TargetServerConfig;
import io.sluice.iscsi.pace.Rate;
import io.sluice.iscsi.scsi.LogicalUnit;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Other people's initiators against this target: libiscsi's tools and QEMU, wherever they are installed. */
@Timeout(120)
class PeerTest {
    private static final String NAME = "iqn.2026-11.io.sluice:peer";
    private static final String USER = "peer";
    private static final String SECRET = "a-secret-for-peers";
    private static final int SIZE = 8 << 20;

    @TempDir
    private Path directory;

    private FileDisk disk;
    private TargetServer server;

    @BeforeEach
    void serve() {
        Path file = directory.resolve("disk");
        FileDisk.create(file, SIZE);
        disk = FileDisk.open(file, 512, false);
        byte[] content = new byte[1 << 20];
        new Random(1).nextBytes(content);
        disk.write(1 << 20, ByteBuffer.wrap(content));
        disk.write(5 << 20, ByteBuffer.wrap(content));
        server = TargetServer.start(TargetServerConfig.on(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)));
        ChapCredentials chap = new ChapCredentials(USER, SECRET.getBytes(StandardCharsets.UTF_8));
        server.serve(new TargetDefinition(
                NAME,
                List.of(new LogicalUnit(disk, "peer-serial", false), new LogicalUnit(disk, "peer-frozen", true)),
                new Admission(null, chap, null),
                Rate.UNLIMITED));
    }

    @AfterEach
    void stop() {
        server.close();
        disk.close();
    }

    @Test
    void libiscsiListsTargetsAndUnits() throws Exception {
        String list = output("iscsi-ls", "-s", "iscsi://" + credentials() + portal());
        assertThat(list).contains("Target:" + NAME).contains("Lun:0").contains("Lun:1");
    }

    @Test
    void libiscsiReadsTheIdentity() throws Exception {
        assertThat(output("iscsi-inq", url(0))).contains("SLUICE").contains("DIRECT_ACCESS");
        assertThat(output("iscsi-inq", "-e", "1", "-c", "128", url(0))).contains("peer-serial");
        assertThat(output("iscsi-inq", "-e", "1", "-c", "176", url(0))).contains("maximum transfer length:8192");
        assertThat(output("iscsi-inq", "-e", "1", "-c", "178", url(0))).contains("lbprz:1", "provisioning type:2");
    }

    @Test
    void libiscsiReadsTheCapacity() throws Exception {
        assertThat(output("iscsi-readcapacity16", url(0)))
                .contains("RETURNED LOGICAL BLOCK ADDRESS:" + (SIZE / 512 - 1))
                .contains("LOGICAL BLOCK LENGTH IN BYTES:512")
                .contains("LBPRZ:1");
    }

    @Test
    void qemuReadsAndComparesTheDisk() throws Exception {
        assertThat(output("qemu-img", "info", url(0))).contains("virtual size: 8 MiB (" + SIZE + " bytes)");
        Path copy = directory.resolve("copy");
        output("qemu-img", "convert", "-O", "raw", url(0), copy.toString());
        assertThat(Files.mismatch(copy, directory.resolve("disk"))).isEqualTo(-1);
        assertThat(output("qemu-img", "compare", "-f", "raw", "-F", "raw", url(1), copy.toString()))
                .contains("Images are identical.");
    }

    @Test
    void qemusBlockLayerWritesAndReadsWhatItWrote() throws Exception {
        String node = image(",header-digest=crc32c");
        String written = output(
                "qemu-io",
                "--image-opts",
                node,
                "-c",
                "write -P 0x5a 1M 3M",
                "-c",
                "write -z -u 2M 64k",
                "-c",
                "discard 3M 64k",
                "-c",
                "flush",
                "-c",
                "aio_write -P 0x33 6M 512k",
                "-c",
                "aio_read -P 0x5a 1M 1M",
                "-c",
                "aio_flush",
                "-c",
                "read -P 0x33 6M 512k",
                "-c",
                "read -P 0 2M 64k",
                "-c",
                "read -P 0x5a 2112k 960k");
        assertThat(written)
                .contains("wrote 3145728/3145728 bytes", "read 524288/524288 bytes")
                .doesNotContain("failed", "error");
        assertThat(output("qemu-io", "-r", "--image-opts", image(",header-digest=none"), "-c", "read -P 0x5a 1M 1M"))
                .contains("read 1048576/1048576 bytes")
                .doesNotContain("failed");
    }

    @Test
    void qemuRefusesAWrongSecretByName() throws Exception {
        String wrong = image(",header-digest=none").replace(SECRET, "not-the-secret-1");
        assertThat(failure("qemu-img", "info", "--image-opts", wrong)).containsIgnoringCase("authentication");
    }

    @Test
    void qemuKeepsManyRequestsUnderWay() throws Exception {
        for (String kind : List.of("-n", "-w")) {
            String ran = output("qemu-img", "bench", kind, "-f", "raw", "-t", "none", "-d", "32", "-c", "2000", url(0));
            assertThat(ran).contains("Sending 2000", "Run completed in");
        }
    }

    @Test
    void qemuWritesTheDisk() throws Exception {
        Path original = directory.resolve("original");
        byte[] content = new byte[SIZE];
        new Random(2).nextBytes(content);
        Arrays.fill(content, 3 << 20, 6 << 20, (byte) 0);
        Files.write(original, content);
        output("qemu-img", "convert", "-n", "-f", "raw", "-O", "raw", original.toString(), url(0));
        assertThat(Files.mismatch(original, directory.resolve("disk"))).isEqualTo(-1);
    }

    /** LUN 0 as the options of QEMU's own iSCSI driver. */
    private String image(String more) {
        return "driver=iscsi,transport=tcp,portal=" + portal() + ",target=" + NAME + ",lun=0,user=" + USER
                + ",password=" + SECRET + ",initiator-name=iqn.x:qemu" + more;
    }

    private String url(int lun) {
        return "iscsi://" + credentials() + portal() + "/" + NAME + "/" + lun;
    }

    private String portal() {
        return "127.0.0.1:" + server.address().getPort();
    }

    private static String credentials() {
        return USER + "%" + SECRET + "@";
    }

    private String failure(String tool, String... arguments) throws IOException, InterruptedException {
        return Tool.failure(directory, tool, arguments);
    }

    private String output(String tool, String... arguments) throws IOException, InterruptedException {
        return Tool.output(directory, tool, arguments);
    }
}
