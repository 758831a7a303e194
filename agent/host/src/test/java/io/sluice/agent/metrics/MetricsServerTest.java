package io.sluice.agent.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.iscsi.block.MemoryDisk;
import io.sluice.iscsi.initiator.DiskAddress;
import io.sluice.iscsi.initiator.InitiatorOptions;
import io.sluice.iscsi.initiator.IscsiDisk;
import io.sluice.iscsi.login.Admission;
import io.sluice.iscsi.netty.TargetDefinition;
import io.sluice.iscsi.netty.TargetServer;
import io.sluice.iscsi.netty.TargetServerConfig;
import io.sluice.iscsi.pace.Rate;
import io.sluice.iscsi.scsi.LogicalUnit;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class MetricsServerTest {

    private static final InetSocketAddress ANY_PORT = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    private static final String TARGET = "iqn.2026-11.io.sluice:export.m1.v1";

    private final MemoryDisk disk = new MemoryDisk(1 << 20, 512);
    private final TargetServer targets = TargetServer.start(TargetServerConfig.on(ANY_PORT));
    private final MetricsServer metrics = MetricsServer.start(ANY_PORT, targets::status);
    private final HttpClient client = HttpClient.newHttpClient();

    @AfterEach
    void close() {
        client.close();
        metrics.close();
        targets.close();
        disk.close();
    }

    private HttpResponse<String> get(String path) throws Exception {
        URI uri = URI.create("http://127.0.0.1:" + metrics.address().getPort() + path);
        return client.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
    }

    private void serve() {
        LogicalUnit unit = new LogicalUnit(disk, "v1", false);
        targets.serve(new TargetDefinition(TARGET, List.of(unit), Admission.ANYONE, Rate.UNLIMITED));
    }

    @Test
    void tellsWhatEachTargetDid() throws Exception {
        serve();
        DiskAddress address = new DiskAddress("127.0.0.1", targets.address().getPort(), TARGET, 0);
        try (IscsiDisk remote = IscsiDisk.open(address, InitiatorOptions.named("iqn.x:host"))) {
            remote.write(0, ByteBuffer.allocate(4096));
            remote.read(0, ByteBuffer.allocate(8192));
            String text = get("/metrics").body();
            assertThat(text)
                    .contains("sluice_iscsi_bytes_total{direction=\"written\",target=\"" + TARGET + "\"} 4096.0")
                    .contains("sluice_iscsi_bytes_total{direction=\"read\",target=\"" + TARGET + "\"} 8192.0")
                    .contains("sluice_iscsi_commands_total{kind=\"read\",target=\"" + TARGET + "\"} 1.0")
                    .contains("sluice_iscsi_sessions{target=\"" + TARGET + "\"} 1.0")
                    .contains("le=\"+Inf\"")
                    .contains("jvm_memory_used_bytes");
        }
    }

    @Test
    void forgetsATargetThatIsGone() throws Exception {
        serve();
        assertThat(get("/metrics").body()).contains(TARGET);
        targets.withdraw(TARGET);
        assertThat(get("/metrics").body()).doesNotContain(TARGET);
        serve();
        assertThat(get("/metrics").body()).contains(TARGET);
    }

    @Test
    void answersNothingElse() throws Exception {
        assertThat(get("/").statusCode()).isEqualTo(404);
        assertThat(get("/metrics/more").statusCode()).isEqualTo(404);
    }
}
