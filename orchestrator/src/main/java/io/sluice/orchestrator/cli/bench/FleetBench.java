package io.sluice.orchestrator.cli.bench;

import io.sluice.orchestrator.cli.bench.Latencies.Quantiles;
import io.sluice.orchestrator.cli.client.DrainRequest;
import io.sluice.orchestrator.cli.client.DrainView;
import io.sluice.orchestrator.cli.client.PlanView;
import io.sluice.orchestrator.cli.client.RestClient;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/** One fleet, measured in one order: joining, idle, planning, one drain, many drains, one large drain. */
final class FleetBench {
    private static final int PROBES = 16;
    private static final int PROBES_PER_SECOND = 100;
    private static final int PLANS = 5;
    private static final int PAGES = 15;
    private static final int LARGE_AT_ONCE = 32;

    /** A copy that takes no longer has the orchestrator always at work. */
    private static final double SATURATING_SECONDS = 10;

    /** Until a thousand migrations that were begun at once have come as far as hydration, and the copies before them have ended. */
    private static final double SETTLE_SECONDS = 45;

    private static final int DEAREST = 12;

    private final FleetSize size;
    private final double seconds;
    private final double hydrationSeconds;
    private final boolean profile;
    private final PrintWriter progress;
    private final BenchDatabase database;
    private final BenchServer server;
    private final SimulatedFleet fleet;
    private final RestClient operator;
    private final DrainLoad load;

    private FleetBench(
            FleetSize size,
            Settings settings,
            PrintWriter progress,
            BenchDatabase database,
            BenchServer server,
            SimulatedFleet fleet,
            RestClient operator) {
        this.size = size;
        this.seconds = settings.seconds();
        this.hydrationSeconds = settings.hydrationSeconds();
        this.profile = settings.profile();
        this.progress = progress;
        this.database = database;
        this.server = server;
        this.fleet = fleet;
        this.operator = operator;
        this.load = new DrainLoad(size, database, server, fleet, operator);
    }

    /**
     * How it is measured.
     *
     * @param seconds of each part
     * @param hydrationSeconds how long each volume's copying takes while the fleet is loaded at an even pace; one drain alone copies within a second
     * @param profile whether to say what took the database most time
     */
    record Settings(double seconds, double hydrationSeconds, int heapMegabytes, boolean profile) {}

    static FleetResult run(FleetSize size, Settings settings, Path directory, PrintWriter progress)
            throws IOException, SQLException, InterruptedException {
        try (BenchDatabase database =
                        BenchDatabase.start(java.nio.file.Files.createDirectory(directory.resolve("database")));
                BenchServer server = BenchServer.start(
                        java.nio.file.Files.createDirectory(directory.resolve("server")),
                        database.serverOptions(),
                        settings.heapMegabytes());
                SimulatedFleet fleet = new SimulatedFleet(server.address(), server.token("join"));
                RestClient operator = new RestClient(server.url(), server.token("operator"))) {
            progress.println("orchestrator pid " + server.pid() + " at " + server.url());
            return new FleetBench(size, settings, progress, database, server, fleet, operator).measure();
        }
    }

    private FleetResult measure() throws IOException, SQLException, InterruptedException {
        double registering = join();
        Idle idle = idle();
        Quantiles sync = paced(false);
        Quantiles changedSync = paced(true);
        Rate syncRate = closedLoop(false);
        Rate changedRate = closedLoop(true);
        profile("probes");
        Timed plan = plan();
        profile("plans");
        Quantiles one = load.alone();
        say("decisions, one drain alone: %s", one.words());
        profile("one drain");
        DrainLoad.Measured saturated = load.measure(SATURATING_SECONDS, 1.5 * SATURATING_SECONDS, seconds);
        say("as fast as it goes, %s", saturated.words());
        profile("as fast as it goes");
        DrainLoad.Measured loaded = load.measure(hydrationSeconds, SETTLE_SECONDS, seconds);
        say("at an even pace, %s", loaded.words());
        profile("at an even pace");
        Timed page = page();
        profile("the large drain");
        if (fleet.failures() > 0) {
            say("%d calls failed; the last: %s", fleet.failures(), String.valueOf(fleet.lastFailure()));
        }
        return new FleetResult(
                size.workers(),
                size.volumes(),
                loaded.live(),
                loaded.decisions(),
                one,
                loaded,
                saturated,
                sync,
                changedSync,
                syncRate.perSecond(),
                changedRate.perSecond(),
                idle.perSecond(),
                idle.statements(),
                plan.millis(),
                page.millis(),
                registering,
                server.memory(),
                new FleetResult.Cpu(idle.cpu(), syncRate.cpu(), changedRate.cpu(), plan.cpu(), page.cpu()),
                fleet.failures(),
                null);
    }

    private void say(String words, Object... values) {
        progress.printf(Locale.ROOT, words + "%n", values);
        progress.flush();
    }

    private void profile(String what) throws SQLException {
        if (profile) {
            say("dearest statements during %s:", what);
            database.dearest(DEAREST).forEach(line -> say("  %s", line));
            database.resetStatistics();
        }
    }

    private double join() throws SQLException, InterruptedException {
        long began = System.nanoTime();
        fleet.join(size.volumesOfEach());
        double rate = size.workers() / secondsSince(began);
        while (database.reports() < size.workers()) {
            server.requireAlive();
            if (secondsSince(began) > 600) {
                throw new BenchFailure("only " + database.reports() + " of " + size.workers()
                        + " workers have reported within 10 minutes; the last failure: " + fleet.lastFailure());
            }
            Thread.sleep(500);
        }
        database.analyze();
        say(
                "%d workers registered at %.0f per second, all have reported after %.1f s",
                size.workers(), rate, secondsSince(began));
        profile("joining");
        return rounded(rate);
    }

    private static double secondsSince(long began) {
        return (System.nanoTime() - began) / 1e9;
    }

    private static double rounded(double value) {
        return Latencies.rounded(value);
    }

    private record Idle(double perSecond, double statements, double cpu) {}

    /** At least as long as a call is held, so that each worker's heartbeat is in it. */
    private Idle idle() throws IOException, SQLException, InterruptedException {
        double length = Math.max(seconds, 21);
        long statements = database.statements();
        double cpu = server.cpuMillis();
        long answered = fleet.answeredSoFar();
        long began = System.nanoTime();
        Thread.sleep((long) (length * 1000));
        double took = secondsSince(began);
        long calls = fleet.answeredSoFar() - answered;
        statements = database.statements() - statements;
        Idle idle = new Idle(
                rounded(calls / took),
                rounded((double) statements / Math.max(1, calls)),
                rounded((server.cpuMillis() - cpu) / Math.max(1, calls)));
        say(
                "idle: %.0f syncs per second, %d statements for %d syncs, %.2f ms of processor each",
                idle.perSecond(), statements, calls, idle.cpu());
        profile("idling");
        return idle;
    }

    private Quantiles paced(boolean changed) throws IOException, InterruptedException {
        Latencies latencies = new Latencies();
        try (Probe probe = Probe.join(fleet, changed ? PROBES + 1 : PROBES, size.volumesOfOne())) {
            long period = TimeUnit.SECONDS.toNanos(1) / PROBES_PER_SECOND;
            long end = System.nanoTime() + (long) (Math.min(seconds, 10) * 1e9);
            for (long due = System.nanoTime(); due < end; due = Math.max(due + period, System.nanoTime())) {
                TimeUnit.NANOSECONDS.sleep(due - System.nanoTime());
                latencies.add(probe.sync(changed));
            }
        }
        say(
                "sync of %s: %s",
                changed ? "something new" : "nothing new", latencies.quantiles().words());
        return latencies.quantiles();
    }

    /** Per second, and what one of them costs the orchestrator. */
    private record Rate(double perSecond, double cpu) {}

    private Rate closedLoop(boolean changed) throws IOException, InterruptedException {
        double cpu = server.cpuMillis();
        long end = System.nanoTime() + (long) (Math.min(seconds, 10) * 1e9);
        long began = System.nanoTime();
        List<Callable<Long>> probes = IntStream.range(0, PROBES)
                .<Callable<Long>>mapToObj(index -> () -> {
                    long calls = 0;
                    try (Probe probe = Probe.join(fleet, index + (changed ? 100 : 200), size.volumesOfOne())) {
                        while (System.nanoTime() < end) {
                            probe.sync(changed);
                            calls++;
                        }
                    }
                    return calls;
                })
                .toList();
        long calls = 0;
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Future<Long> probe : threads.invokeAll(probes)) {
                calls += probe.get();
            }
        } catch (ExecutionException e) {
            throw new BenchFailure("a probe failed: " + e.getCause());
        }
        double rate = calls / secondsSince(began);
        cpu = (server.cpuMillis() - cpu) / Math.max(1, calls);
        say(
                "as many syncs of %s as are taken: %.0f per second, %.2f ms of processor each",
                changed ? "something new" : "nothing new", rate, cpu);
        return new Rate(rounded(rate), rounded(cpu));
    }

    /** Medians' own, and what one costs the orchestrator. */
    private record Timed(double millis, double cpu) {}

    private Timed plan() throws IOException {
        double cpu = server.cpuMillis();
        List<Double> times = new ArrayList<>();
        for (int i = 0; i < PLANS; i++) {
            long began = System.nanoTime();
            PlanView plan = operator.dryRun(SimulatedFleet.name(0), DrainRequest.because("bench"));
            times.add(secondsSince(began) * 1000);
            if (plan.placements().size() != size.largest()) {
                throw new BenchFailure(
                        "the plan places " + plan.placements().size() + " of " + size.largest() + " volumes");
            }
        }
        say("plan of %d volumes over %d workers: %s ms", size.largest(), size.workers(), millis(times));
        return new Timed(median(times), rounded((server.cpuMillis() - cpu) / PLANS));
    }

    private static String millis(List<Double> times) {
        return String.join(
                ", ",
                times.stream()
                        .map(time -> String.format(Locale.ROOT, "%.0f", time))
                        .toList());
    }

    private static double median(List<Double> times) {
        return rounded(times.stream().sorted().toList().get(times.size() / 2));
    }

    private Timed page() throws IOException, InterruptedException {
        DrainView drain = operator.startDrain(
                SimulatedFleet.name(0),
                new DrainRequest(
                        null,
                        null,
                        null,
                        "bench",
                        null,
                        new DrainRequest.Limits(LARGE_AT_ONCE, null, null, null, null, null, null, null)));
        Thread.sleep((long) (Math.min(seconds, 10) * 1000));
        HttpRequest request = HttpRequest.newBuilder(server.url().resolve("/drains/" + drain.id()))
                .header("Authorization", "Bearer " + server.token("operator"))
                .header("Accept", "text/html")
                .build();
        List<Double> times = new ArrayList<>();
        int length = 0;
        double cpu = server.cpuMillis();
        try (HttpClient http = HttpClient.newHttpClient()) {
            for (int i = 0; i < PAGES; i++) {
                long began = System.nanoTime();
                HttpResponse<String> page = http.send(request, HttpResponse.BodyHandlers.ofString());
                times.add(secondsSince(began) * 1000);
                if (page.statusCode() != 200) {
                    throw new BenchFailure("the drain's page answered " + page.statusCode());
                }
                length = page.body().length();
            }
        }
        say("page of a drain of %d migrations (%d KiB): %s ms", size.largest(), length >> 10, millis(times));
        return new Timed(median(times), rounded((server.cpuMillis() - cpu) / PAGES));
    }
}
