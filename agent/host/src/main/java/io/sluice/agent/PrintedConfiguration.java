package io.sluice.agent;

import io.sluice.agent.clone.pace.GuestThrottle;
import io.sluice.agent.clone.pace.HydrationPolicy;
import io.sluice.agent.document.Documents;
import io.sluice.agent.volume.PoolDirectory;
import io.sluice.agent.volume.PoolGroup;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What is in force, in the file's own words, defaults filled in and secrets withheld. */
final class PrintedConfiguration {
    private PrintedConfiguration() {}

    static String print(AgentConfiguration configuration) {
        Map<String, Object> printed = new LinkedHashMap<>();
        Map<String, Object> orchestrator = new LinkedHashMap<>();
        List<String> urls =
                configuration.orchestrator().urls().stream().map(URI::toString).toList();
        if (urls.size() == 1) {
            orchestrator.put("url", urls.getFirst());
        } else {
            orchestrator.put("urls", urls);
        }
        orchestrator.put("joinToken", "(withheld)");
        put(orchestrator, "caFile", configuration.orchestrator().caFile());
        printed.put("orchestrator", orchestrator);
        printed.put("stateDirectory", configuration.stateDirectory().toString());
        AgentConfiguration.Identity identity = configuration.identity();
        printed.put("name", identity.name());
        Map<String, Object> location = new LinkedHashMap<>();
        put(location, "region", identity.location().region());
        put(location, "zone", identity.location().zone());
        put(location, "rack", identity.location().rack());
        printed.put("location", location);
        printed.put("labels", identity.labels());
        AgentConfiguration.Portals portals = configuration.portals();
        printed.put(
                "portal",
                Map.of(
                        "bind",
                        hostAndPort(portals.exports()),
                        "advertised",
                        portals.advertised().toString()));
        printed.put("diskPortal", Map.of("bind", hostAndPort(portals.disks())));
        printed.put("disks", portals.diskMode().name().toLowerCase(Locale.ROOT));
        InetSocketAddress metrics = portals.metrics();
        put(printed, "metrics", metrics == null ? null : Map.of("bind", hostAndPort(metrics)));
        printed.put("pools", pools(configuration.storage()));
        printed.put(
                "workloadsDirectory",
                configuration.storage().workloadsDirectory().toString());
        printed.put(
                "capacity",
                Map.of(
                        "cpuMillis",
                        identity.capacity().cpuMillis(),
                        "memory",
                        identity.capacity().memoryBytes() + "B"));
        Map<String, Object> limits = new LinkedHashMap<>();
        limits.put("parallelActions", configuration.limits().parallelActions());
        limits.put("refreshSeconds", configuration.limits().refresh().toSeconds());
        put(limits, "hydrationBytesPerSecond", configuration.limits().hydrationBytesPerSecond());
        put(limits, "exportBytesPerSecond", configuration.limits().exports().bytesPerSecond());
        put(
                limits,
                "exportOperationsPerSecond",
                configuration.limits().exports().operationsPerSecond());
        printed.put("limits", limits);
        printed.put("hydration", hydration(configuration.hydration()));
        return Documents.write(printed);
    }

    private static Map<String, Object> hydration(HydrationPolicy policy) {
        Map<String, Object> printed = new LinkedHashMap<>();
        printed.put("promisedBytesPerSecond", policy.promisedBytesPerSecond());
        printed.put("leastSeconds", policy.leastTime().toSeconds());
        put(printed, "regionBytes", policy.regionBytes());
        printed.put("leastInFlightBytes", policy.leastInFlightBytes());
        printed.put("mostInFlightBytes", policy.mostInFlightBytes());
        GuestThrottle least = policy.leastGuest();
        printed.put("throttleGuests", least != null);
        put(printed, "leastGuestOperationsPerSecond", least == null ? null : least.operations());
        put(printed, "leastGuestBytesPerSecond", least == null ? null : least.bytes());
        return printed;
    }

    private static List<Map<String, Object>> pools(AgentConfiguration.Storage storage) {
        return storage.pools().stream()
                .map(pool -> {
                    Map<String, Object> printed = new LinkedHashMap<>();
                    printed.put("name", pool.name().value());
                    printed.put("kind", pool.kind());
                    switch (pool) {
                        case PoolDirectory directory ->
                            printed.put("path", directory.path().toString());
                        case PoolGroup group -> {
                            printed.put("volumeGroup", group.group());
                            put(printed, "thinPool", group.thinPool());
                        }
                    }
                    put(printed, "capacity", pool.ceilingBytes() == null ? null : pool.ceilingBytes() + "B");
                    return printed;
                })
                .toList();
    }

    private static String hostAndPort(InetSocketAddress address) {
        return address.getHostString() + ":" + address.getPort();
    }

    private static void put(Map<String, Object> into, String key, @Nullable Object value) {
        if (value != null) {
            into.put(key, value instanceof Path path ? path.toString() : value);
        }
    }
}
