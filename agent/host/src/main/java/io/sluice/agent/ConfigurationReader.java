package io.sluice.agent;

import io.sluice.agent.api.Portal;
import io.sluice.agent.api.RegisterRequest;
import io.sluice.agent.api.ResourceRequest;
import io.sluice.agent.clone.pace.GuestThrottle;
import io.sluice.agent.clone.pace.HydrationPolicy;
import io.sluice.agent.clone.pace.RegionSize;
import io.sluice.agent.document.DocumentException;
import io.sluice.agent.document.Documents;
import io.sluice.agent.sync.OrchestratorAddress;
import io.sluice.iscsi.pace.Rate;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads and checks the configuration file; every refusal names file, key and remedy. */
final class ConfigurationReader {
    /** Enough that no drain waits for it, few enough that a host is not swamped by its own recovery. */
    private static final int DEFAULT_PARALLEL_ACTIONS = 32;

    /** A stopped workload or a new file shows in the fleet within this time; each look runs every status program. */
    private static final int DEFAULT_REFRESH_SECONDS = 5;

    private final Path file;
    private final AgentFile raw;

    private ConfigurationReader(Path file, AgentFile raw) {
        this.file = file;
        this.raw = raw;
    }

    static AgentConfiguration read(Path file) {
        ConfigurationReader reader = new ConfigurationReader(file, Documents.read(file, AgentFile.class));
        return new AgentConfiguration(
                reader.orchestrator(),
                require("stateDirectory", reader.raw.stateDirectory(), file),
                reader.identity(),
                reader.portals(),
                new AgentConfiguration.Storage(
                        PoolsReader.read(file, require("pools", reader.raw.pools(), file)),
                        require("workloadsDirectory", reader.raw.workloadsDirectory(), file)),
                reader.limits(),
                reader.hydration());
    }

    private OrchestratorAddress orchestrator() {
        AgentFile.Orchestrator given = require("orchestrator", raw.orchestrator(), file);
        Path caFile = given.caFile();
        if (caFile != null && !Files.isReadable(caFile)) {
            throw bad("orchestrator.caFile", caFile + " cannot be read: give the PEM file of the CA", null);
        }
        return new OrchestratorAddress(urls(given), joinToken(given), caFile);
    }

    private List<URI> urls(AgentFile.Orchestrator given) {
        String one = given.url();
        List<String> several = given.urls();
        if (one != null && several != null) {
            throw bad("orchestrator.urls", "is given beside orchestrator.url: give one of them", null);
        }
        if (several == null) {
            return List.of(url("orchestrator.url", require("orchestrator.url", one, file), given));
        }
        if (several.isEmpty()) {
            throw bad("orchestrator.urls", "is empty: give one URL at least", null);
        }
        return several.stream().map(url -> url("orchestrator.urls", url, given)).toList();
    }

    private URI url(String key, String url, AgentFile.Orchestrator given) {
        URI uri;
        try {
            uri = URI.create(url.endsWith("/") ? url.substring(0, url.length() - 1) : url);
        } catch (IllegalArgumentException e) {
            throw bad(key, "'" + url + "' is no URL: write https://HOST:PORT", e);
        }
        if (uri.getHost() == null || !Set.of("http", "https").contains(String.valueOf(uri.getScheme()))) {
            throw bad(key, "'" + url + "' is no URL: write https://HOST:PORT", null);
        }
        boolean plain = uri.getScheme().equals("http");
        if (plain && !Boolean.TRUE.equals(given.allowPlainHttp()) && !isLoopback(uri.getHost())) {
            throw bad(
                    key,
                    "plain http would send the credential in clear to " + uri.getHost()
                            + ": use https, or set orchestrator.allowPlainHttp: true inside a protected mesh",
                    null);
        }
        return uri;
    }

    private String joinToken(AgentFile.Orchestrator given) {
        Path tokenFile = given.joinTokenFile();
        if ((given.joinToken() == null) == (tokenFile == null)) {
            throw bad("orchestrator.joinToken", "give either joinToken or joinTokenFile, and one of them alone", null);
        }
        if (tokenFile == null) {
            return notBlank("orchestrator.joinToken", String.valueOf(given.joinToken()));
        }
        try {
            return notBlank(
                    "orchestrator.joinTokenFile", Files.readString(tokenFile).strip());
        } catch (IOException e) {
            throw bad("orchestrator.joinTokenFile", tokenFile + " cannot be read (" + e + "): check path and owner", e);
        }
    }

    private AgentConfiguration.Identity identity() {
        AgentFile.Location location = raw.location();
        Map<String, String> labels = raw.labels();
        AgentFile.Capacity capacity = raw.capacity();
        Long cpu = capacity == null ? null : capacity.cpuMillis();
        String memory = capacity == null ? null : capacity.memory();
        if (cpu != null && cpu < 0) {
            throw bad("capacity.cpuMillis", cpu + " is below 0: give thousandths of a core, as in 8000", null);
        }
        return new AgentConfiguration.Identity(
                notBlank("name", raw.name() == null ? hostName() : raw.name()),
                location == null
                        ? new RegisterRequest.Location(null, null, null)
                        : new RegisterRequest.Location(location.region(), location.zone(), location.rack()),
                labels == null ? Map.of() : labels,
                new ResourceRequest(
                        cpu == null ? 1000L * Runtime.getRuntime().availableProcessors() : cpu,
                        memory == null ? MachineMemory.bytes() : size("capacity.memory", memory)));
    }

    private String hostName() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            throw bad("name", "is missing and this host has no name: give one", e);
        }
    }

    private AgentConfiguration.Portals portals() {
        AgentFile.Portal portal = require("portal", raw.portal(), file);
        Portal bind = portal("portal.bind", require("portal.bind", portal.bind(), file));
        String advertised = portal.advertised();
        AgentFile.DiskPortal disks = require("diskPortal", raw.diskPortal(), file);
        Portal disk = portal("diskPortal.bind", require("diskPortal.bind", disks.bind(), file));
        if (!isLoopback(disk.host())) {
            throw bad("diskPortal.bind", disk.host() + " is no loopback address: disks are for this host alone", null);
        }
        if (advertised == null && resolve("portal.bind", bind).getAddress().isAnyLocalAddress()) {
            throw bad(
                    "portal.advertised",
                    "is missing while portal.bind is any address: give the address other workers reach",
                    null);
        }
        return new AgentConfiguration.Portals(
                resolve("portal.bind", bind),
                advertised == null ? bind : portal("portal.advertised", advertised),
                resolve("diskPortal.bind", disk),
                diskMode(),
                metrics());
    }

    private AgentConfiguration.DiskMode diskMode() {
        String given = raw.disks() == null ? "auto" : raw.disks();
        return switch (given) {
            case "kernel" -> AgentConfiguration.DiskMode.KERNEL;
            case "portal" -> AgentConfiguration.DiskMode.PORTAL;
            case "auto" -> AgentConfiguration.DiskMode.AUTO;
            default -> throw bad("disks", "'" + given + "' is not known: use kernel, portal or auto", null);
        };
    }

    private @Nullable InetSocketAddress metrics() {
        AgentFile.Metrics given = raw.metrics();
        return given == null
                ? null
                : resolve("metrics.bind", portal("metrics.bind", require("metrics.bind", given.bind(), file)));
    }

    private Portal portal(String key, String text) {
        int colon = text.lastIndexOf(':');
        try {
            String host = text.substring(0, Math.max(0, colon));
            String plain = host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
            return new Portal(plain, Integer.parseInt(text.substring(colon + 1)));
        } catch (IllegalArgumentException e) {
            throw bad(key, "'" + text + "' is no address: write HOST:PORT, port 1 to 65535", e);
        }
    }

    private InetSocketAddress resolve(String key, Portal portal) {
        InetSocketAddress address = new InetSocketAddress(portal.host(), portal.port());
        if (address.isUnresolved()) {
            throw bad(key, portal.host() + " is not known to this host: write an address of it", null);
        }
        return address;
    }

    private AgentConfiguration.Limits limits() {
        AgentFile.Limits given = raw.limits();
        Integer parallel = given == null ? null : given.parallelActions();
        Integer refresh = given == null ? null : given.refreshSeconds();
        Long hydration = given == null ? null : given.hydrationBytesPerSecond();
        Long bytes = given == null ? null : given.exportBytesPerSecond();
        Long operations = given == null ? null : given.exportOperationsPerSecond();
        return new AgentConfiguration.Limits(
                within("limits.parallelActions", parallel == null ? DEFAULT_PARALLEL_ACTIONS : parallel, 1024),
                Duration.ofSeconds(
                        within("limits.refreshSeconds", refresh == null ? DEFAULT_REFRESH_SECONDS : refresh, 3600)),
                ceiling("limits.hydrationBytesPerSecond", hydration),
                new Rate(
                        ceiling("limits.exportBytesPerSecond", bytes),
                        ceiling("limits.exportOperationsPerSecond", operations)));
    }

    private HydrationPolicy hydration() {
        AgentFile.Hydration given = raw.hydration();
        HydrationPolicy defaults = HydrationPolicy.DEFAULTS;
        if (given == null) {
            return defaults;
        }
        Integer region = given.regionBytes();
        if (region != null && !RegionSize.usable(region)) {
            throw bad("hydration.regionBytes", region + " is no power of two from 65536 to 1073741824", null);
        }
        long least = orElse(
                ceiling("hydration.leastInFlightBytes", given.leastInFlightBytes()), defaults.leastInFlightBytes());
        long most =
                orElse(ceiling("hydration.mostInFlightBytes", given.mostInFlightBytes()), defaults.mostInFlightBytes());
        if (most < least) {
            throw bad("hydration.mostInFlightBytes", most + " is below hydration.leastInFlightBytes, " + least, null);
        }
        Integer seconds = given.leastSeconds();
        return new HydrationPolicy(
                least,
                most,
                orElse(
                        ceiling("hydration.promisedBytesPerSecond", given.promisedBytesPerSecond()),
                        defaults.promisedBytesPerSecond()),
                seconds == null
                        ? defaults.leastTime()
                        : Duration.ofSeconds(within("hydration.leastSeconds", seconds, 7 * 24 * 3600)),
                Boolean.FALSE.equals(given.throttleGuests()) ? null : leastGuest(given),
                region);
    }

    private GuestThrottle leastGuest(AgentFile.Hydration given) {
        GuestThrottle least = HydrationPolicy.LEAST_GUEST;
        return new GuestThrottle(
                orElse(
                        ceiling("hydration.leastGuestOperationsPerSecond", given.leastGuestOperationsPerSecond()),
                        least.operations()),
                orElse(ceiling("hydration.leastGuestBytesPerSecond", given.leastGuestBytesPerSecond()), least.bytes()));
    }

    private static long orElse(@Nullable Long given, long otherwise) {
        return given == null ? otherwise : given;
    }

    private @Nullable Long ceiling(String key, @Nullable Long value) {
        if (value != null && value < 1) {
            throw bad(key, value + " is below 1: leave it out for no ceiling", null);
        }
        return value;
    }

    private int within(String key, int value, int most) {
        if (value < 1 || value > most) {
            throw bad(key, value + " is out of range: give 1 to " + most, null);
        }
        return value;
    }

    private long size(String key, String text) {
        try {
            return ByteSize.parse(text);
        } catch (IllegalArgumentException e) {
            throw bad(key, String.valueOf(e.getMessage()), e);
        }
    }

    private String notBlank(String key, String text) {
        if (text.isBlank()) {
            throw bad(key, "is empty: fill it in", null);
        }
        return text;
    }

    private static boolean isLoopback(String host) {
        try {
            return InetAddress.getByName(host).isLoopbackAddress();
        } catch (UnknownHostException e) {
            return false;
        }
    }

    private static <T> T require(String key, @Nullable T value, Path file) {
        if (value == null) {
            throw new DocumentException(file, key, "is missing: add it, see the documented example");
        }
        return value;
    }

    private DocumentException bad(String key, String problem, @Nullable Throwable cause) {
        return new DocumentException(file, key, problem, cause);
    }
}
