package io.sluice.orchestrator.cli;

import io.sluice.orchestrator.OrchestratorApplication;
import io.sluice.orchestrator.settings.Role;
import io.sluice.orchestrator.settings.Secrets;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ApplicationListener;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.core.env.MapPropertySource;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Runs the orchestrator until it is interrupted. */
@Command(
        name = "server",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description =
                "Runs the orchestrator: REST API, dashboard, planner. Without --database-url it brings its own PostgreSQL and"
                        + " makes the tokens it needs in the data directory.",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:interrupted after running", "1:cannot start, the message says why", "2:wrong usage"})
public final class ServerCommand implements Callable<Integer> {
    private static final int CANNOT_START = 1;
    private static final int DEFAULT_PORT = 8080;
    private static final int ANY_PORT = 0;

    @Option(names = "--address", paramLabel = "ADDRESS", description = "listens on this address (default: 127.0.0.1)")
    private @Nullable InetAddress address;

    @Option(
            names = "--port",
            paramLabel = "PORT",
            description = "listens on this port, 0 for any free one (default: 8080)")
    private @Nullable Integer port;

    @Option(
            names = "--or-any-port",
            description = "where that port is taken, listens on any free one; DIR/url says on which")
    private boolean orAnyPort;

    @Option(
            names = "--data-dir",
            paramLabel = "DIR",
            description =
                    "embedded database, tokens and key (default: $SLUICE_STATE, else ~/.local/state/sluice/server)")
    private @Nullable Path dataDir;

    @Option(
            names = "--database-url",
            paramLabel = "URL",
            description = "jdbc:postgresql://HOST:5432/NAME instead of the embedded one")
    private @Nullable String databaseUrl;

    @Option(names = "--database-user", paramLabel = "USER", description = "(default: sluice)")
    private @Nullable String databaseUser;

    @Option(names = "--database-password-file", paramLabel = "FILE", description = "file with the password, one line")
    private @Nullable Path databasePasswordFile;

    @Option(names = "--join-token-file", paramLabel = "FILE", description = "what agents register with")
    private @Nullable Path joinTokenFile;

    @Option(names = "--viewer-token-file", paramLabel = "FILE", description = "token of who may look")
    private @Nullable Path viewerTokenFile;

    @Option(names = "--operator-token-file", paramLabel = "FILE", description = "token of who may also drain")
    private @Nullable Path operatorTokenFile;

    @Option(names = "--admin-token-file", paramLabel = "FILE", description = "token of who may do everything")
    private @Nullable Path adminTokenFile;

    @Option(
            names = "--key-file",
            paramLabel = "FILE",
            description = "32 bytes in base64 under which migrations' secrets are stored (default: DIR/secrets-key)")
    private @Nullable Path keyFile;

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() throws InterruptedException {
        Running running;
        try {
            running = start();
        } catch (RuntimeException e) {
            PrintWriter err = requireSpec().commandLine().getErr();
            err.println("sluice server: " + StartFailure.words(e));
            err.flush();
            return CANNOT_START;
        }
        announce(running.context());
        running.closed().await();
        return 0;
    }

    private record Running(ConfigurableApplicationContext context, CountDownLatch closed) {}

    /** A look beforehand spares a start in vain and promises nothing: what counts is whether the server could bind. */
    private Running start() {
        if (!orAnyPort) {
            return start(port);
        }
        try {
            return start(looksFree() ? port : Integer.valueOf(ANY_PORT));
        } catch (RuntimeException e) {
            if (StartFailure.takenPort(e) == null) {
                throw e;
            }
            return start(ANY_PORT);
        }
    }

    private boolean looksFree() {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(
                    address == null ? InetAddress.getLoopbackAddress() : address, port == null ? DEFAULT_PORT : port));
            return true;
        } catch (IOException taken) {
            return false;
        }
    }

    private Running start(@Nullable Integer on) {
        CountDownLatch closed = new CountDownLatch(1);
        SpringApplication application = new SpringApplication(OrchestratorApplication.class);
        application.addInitializers(context -> context.getEnvironment()
                .getPropertySources()
                .addFirst(new MapPropertySource("sluice server options", properties(on))));
        application.addListeners((ApplicationListener<ContextClosedEvent>) event -> closed.countDown());
        return new Running(application.run(), closed);
    }

    private Map<String, Object> properties(@Nullable Integer on) {
        Map<String, Object> properties = new LinkedHashMap<>();
        put(properties, "server.address", address == null ? null : address.getHostAddress());
        put(properties, "server.port", on);
        put(properties, "sluice.data-dir", dataDir);
        put(properties, "sluice.database.url", databaseUrl);
        put(properties, "sluice.database.user", databaseUser);
        put(properties, "sluice.database.password-file", databasePasswordFile);
        put(properties, "sluice.join-token-file", joinTokenFile);
        put(properties, "sluice.tokens.viewer-file", viewerTokenFile);
        put(properties, "sluice.tokens.operator-file", operatorTokenFile);
        put(properties, "sluice.tokens.admin-file", adminTokenFile);
        put(properties, "sluice.key-file", keyFile);
        return properties;
    }

    private static void put(Map<String, Object> properties, String key, @Nullable Object value) {
        if (value != null) {
            properties.put(key, value.toString());
        }
    }

    /** Where it listens and where the tokens are; the tokens themselves once, on the start that made them. */
    private void announce(ConfigurableApplicationContext context) {
        PrintWriter out = requireSpec().commandLine().getOut();
        String url = url(context);
        out.println("sluice server: ready at " + url);
        Secrets secrets = context.getBean(Secrets.class);
        secrets.madeNow()
                .forEach((name, token) -> out.println("sluice server: first start, " + name + " token: " + token));
        Path directory = Path.of(context.getEnvironment().getRequiredProperty("sluice.data-dir"));
        leaveUrl(directory, url);
        if (Files.exists(Secrets.tokenFile(directory, Role.ADMIN))) {
            out.println("sluice server: tokens are kept in " + directory.toAbsolutePath() + "/*-token");
        }
        out.flush();
    }

    private static String url(ConfigurableApplicationContext context) {
        String host = context.getEnvironment().getProperty("server.address", "127.0.0.1");
        int bound = context instanceof WebServerApplicationContext web && web.getWebServer() != null
                ? web.getWebServer().getPort()
                : -1;
        return "http://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + bound;
    }

    /** For the commands run beside it. */
    private void leaveUrl(Path directory, String url) {
        try {
            Files.writeString(directory.resolve("url"), url + "\n");
        } catch (IOException e) {
            requireSpec()
                    .commandLine()
                    .getErr()
                    .println("sluice server: cannot leave its URL in " + directory + ": " + e.getMessage());
        }
    }

    private CommandSpec requireSpec() {
        return java.util.Objects.requireNonNull(spec, "picocli sets it before it calls");
    }
}
