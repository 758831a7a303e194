package io.sluice.agent.metrics;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.sluice.iscsi.netty.TargetStatus;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;

/** Answers {@code GET /metrics} in the text format of Prometheus. It has no secrets to tell, and no authentication. */
public final class MetricsServer implements AutoCloseable {

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final TargetMeters targets;
    private final JvmGcMetrics collections = new JvmGcMetrics();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final HttpServer http;

    private MetricsServer(HttpServer http, Supplier<List<TargetStatus>> targets) {
        this.http = http;
        this.targets = new TargetMeters(registry, targets);
        new JvmMemoryMetrics().bindTo(registry);
        new ProcessorMetrics().bindTo(registry);
        collections.bindTo(registry);
    }

    /**
     * Listens.
     *
     * @param targets what is served now, asked at each scrape
     * @throws UncheckedIOException when the address cannot be listened on
     */
    public static MetricsServer start(InetSocketAddress bind, Supplier<List<TargetStatus>> targets) {
        try {
            MetricsServer server = new MetricsServer(HttpServer.create(bind, 0), targets);
            server.http.setExecutor(server.threads);
            server.http.createContext("/metrics", server::answer);
            server.http.start();
            return server;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot listen on " + bind + ": " + e.getMessage(), e);
        }
    }

    /** Where it listens. */
    public InetSocketAddress address() {
        return http.getAddress();
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            boolean asked = exchange.getRequestMethod().equals("GET")
                    && exchange.getRequestURI().getPath().equals("/metrics");
            targets.refresh();
            byte[] text = asked ? registry.scrape().getBytes(StandardCharsets.UTF_8) : new byte[0];
            exchange.getResponseHeaders().set("Content-Type", "text/plain; version=0.0.4; charset=utf-8");
            exchange.sendResponseHeaders(asked ? 200 : 404, text.length == 0 ? -1 : text.length);
            exchange.getResponseBody().write(text);
        }
    }

    @Override
    public void close() {
        http.stop(0);
        threads.close();
        collections.close();
        registry.close();
    }
}
