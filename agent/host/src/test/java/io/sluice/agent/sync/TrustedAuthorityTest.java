package io.sluice.agent.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.sluice.agent.api.AgentApi;
import io.sluice.agent.api.Portal;
import io.sluice.agent.api.RegisterRequest;
import io.sluice.agent.api.ResourceRequest;
import io.sluice.agent.api.WorkerId;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Calls over HTTPS to a server whose certificate no authority of the JDK has signed. */
@Timeout(120)
class TrustedAuthorityTest {
    private static final String PASSWORD = "of-a-test";
    private static final RegisterRequest REQUEST = new RegisterRequest(
            "machine",
            "claim",
            "worker-1",
            new RegisterRequest.Location(null, null, null),
            Map.of(),
            new Portal("127.0.0.1", 3260),
            "iqn.2026-11.io.sluice:worker.machine",
            new RegisterRequest.Capabilities(false, true),
            ResourceRequest.NONE,
            "test");

    @TempDir
    Path directory;

    private HttpsServer server;

    @BeforeEach
    void aServerWithItsOwnCertificate() throws Exception {
        Path store = certificate("server", "ip:127.0.0.1");
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            keys.load(in, PASSWORD.toCharArray());
        }
        KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(keys, PASSWORD.toCharArray());
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), null, null);
        server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(context));
        server.createContext(AgentApi.REGISTER, exchange -> {
            byte[] answer = "{\"worker\":\"w1\",\"credential\":\"c\"}".getBytes(StandardCharsets.UTF_8);
            exchange.getRequestBody().readAllBytes();
            exchange.sendResponseHeaders(200, answer.length);
            exchange.getResponseBody().write(answer);
            exchange.close();
        });
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    @Test
    void theAuthorityOfTheFileIsTrusted() {
        try (HttpOrchestrator orchestrator = orchestrator(directory.resolve("server.pem"), "127.0.0.1")) {
            assertThat(orchestrator.register(REQUEST).worker()).isEqualTo(new WorkerId("w1"));
        }
    }

    @Test
    void noOtherAuthorityIs() throws Exception {
        certificate("other", "ip:127.0.0.1");
        try (HttpOrchestrator stranger = orchestrator(directory.resolve("other.pem"), "127.0.0.1");
                HttpOrchestrator ofTheJdk =
                        new HttpOrchestrator(new OrchestratorAddress(List.of(url("127.0.0.1")), "token", null))) {
            for (HttpOrchestrator orchestrator : List.of(stranger, ofTheJdk)) {
                assertThatThrownBy(() -> orchestrator.register(REQUEST))
                        .isInstanceOf(CallFailedException.class)
                        .hasMessageContaining("SSL");
            }
        }
    }

    @Test
    void aCertificateForAnotherNameIsRefused() {
        try (HttpOrchestrator orchestrator = orchestrator(directory.resolve("server.pem"), "localhost")) {
            assertThatThrownBy(() -> orchestrator.register(REQUEST)).isInstanceOf(CallFailedException.class);
        }
    }

    @Test
    void aFileWithoutCertificatesIsNamed() throws Exception {
        Path file = Files.writeString(directory.resolve("ca.pem"), "-----BEGIN CERTIFICATE-----\nnone\n");
        assertThatThrownBy(() -> orchestrator(file, "127.0.0.1"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(file.toString());
    }

    private HttpOrchestrator orchestrator(Path authority, String host) {
        return new HttpOrchestrator(new OrchestratorAddress(List.of(url(host)), "token", authority));
    }

    private URI url(String host) {
        return URI.create("https://" + host + ":" + server.getAddress().getPort());
    }

    /** Makes NAME.p12 with a key and its own signature, and NAME.pem. */
    private Path certificate(String name, String subject) throws Exception {
        Path store = directory.resolve(name + ".p12");
        keytool(store, "-genkeypair", "-keyalg", "EC", "-dname", "CN=" + name, "-ext", "san=" + subject);
        keytool(
                store,
                "-exportcert",
                "-rfc",
                "-file",
                directory.resolve(name + ".pem").toString());
        return store;
    }

    private static void keytool(Path store, String... arguments) throws Exception {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
        command.addAll(List.of(arguments));
        command.addAll(List.of("-alias", "it", "-keystore", store.toString(), "-storepass", PASSWORD));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
    }
}
