package io.sluice.orchestrator.cli.bench;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.sluice.orchestrator.cli.bench.Latencies.Quantiles;
import io.sluice.orchestrator.cli.client.DrainRequest;
import io.sluice.orchestrator.cli.client.RestClient;
import java.io.IOException;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.IntStream;

/** Drains that are begun as others end: how the orchestrator decides beside so many. */
final class DrainLoad {
    /** One drain's end is waited for so long. */
    private static final double LIMIT_SECONDS = 300;

    private static final int ALONE = 4;

    private final FleetSize size;
    private final BenchDatabase database;
    private final BenchServer server;
    private final SimulatedFleet fleet;
    private final RestClient operator;
    private int nextSource = 1;

    DrainLoad(FleetSize size, BenchDatabase database, BenchServer server, SimulatedFleet fleet, RestClient operator) {
        this.size = size;
        this.database = database;
        this.server = server;
        this.fleet = fleet;
        this.operator = operator;
    }

    /**
     * What was measured with so many migrations live; names as in the JSON.
     *
     * @param decisions from the report that completes a step to the other host's call answered
     * @param cpu the orchestrator's processor time for a transition, with all it does meanwhile
     */
    record Measured(
            @JsonProperty("live_migrations") double live,
            @JsonProperty("decision_latency_ms") Quantiles decisions,
            @JsonProperty("sync_per_second") double syncs,
            @JsonProperty("transitions_per_second") double transitions,
            @JsonProperty("statements_per_sync") double statementsPerSync,
            @JsonProperty("statements_per_transition") double statementsPerTransition,
            @JsonProperty("cpu_ms_per_transition") double cpu) {
        String words() {
            return String.format(
                    java.util.Locale.ROOT,
                    "%.0f migrations live: decisions %s; %.0f syncs and %.0f transitions per second; %.1f statements per sync",
                    live,
                    decisions.words(),
                    syncs,
                    transitions,
                    statementsPerSync);
        }
    }

    /** One drain at a time, on a fleet that is idle otherwise; the first warms up. */
    Quantiles alone() throws SQLException, InterruptedException {
        for (int i = 0; i < ALONE; i++) {
            drain(1);
            long began = System.nanoTime();
            while (database.liveMigrations() > 0) {
                server.requireAlive();
                if (secondsSince(began) > LIMIT_SECONDS) {
                    throw new BenchFailure(
                            "a drain alone did not end within 5 minutes; the last failed call: " + fleet.lastFailure());
                }
                Thread.sleep(200);
            }
            if (i == 0) {
                fleet.decisions().latencies().clear();
            }
        }
        return fleet.decisions().latencies().quantiles();
    }

    /**
     * Beside as many as are to be live, after it has gone on like that for a while.
     *
     * @param hydrationSeconds how long a copy takes; those of the first while take any part of it, so that they end one after another from
     *     then on, as those of a fleet that has been at it for long
     */
    Measured measure(double hydrationSeconds, double settleSeconds, double seconds)
            throws IOException, SQLException, InterruptedException {
        fleet.hydrateForAnyPartOf(hydrationSeconds);
        keepLive(settleSeconds);
        fleet.hydrateFor(hydrationSeconds);
        fleet.decisions().latencies().clear();
        long statements = database.statements();
        long transitions = database.transitions();
        double cpu = server.cpuMillis();
        long answered = fleet.answeredSoFar();
        long began = System.nanoTime();
        double live = keepLive(seconds);
        double took = secondsSince(began);
        transitions = database.transitions() - transitions;
        statements = database.statements() - statements;
        answered = fleet.answeredSoFar() - answered;
        return new Measured(
                Latencies.rounded(live),
                fleet.decisions().latencies().quantiles(),
                Latencies.rounded(answered / took),
                Latencies.rounded(transitions / took),
                Latencies.rounded((double) statements / Math.max(1, answered)),
                Latencies.rounded((double) statements / Math.max(1, transitions)),
                Latencies.rounded((server.cpuMillis() - cpu) / Math.max(1, transitions)));
    }

    /** Drains more workers as migrations end; answers how many were live in the mean. */
    private double keepLive(double length) throws SQLException, InterruptedException {
        long began = System.nanoTime();
        double sum = 0;
        int looks = 0;
        while (secondsSince(began) < length) {
            server.requireAlive();
            long live = database.liveMigrations();
            sum += live;
            looks++;
            int missing = (int) ((size.migrations() - live) / size.volumesOfOne());
            if (missing > 0) {
                drain(missing);
            }
            Thread.sleep(500);
        }
        return sum / looks;
    }

    private void drain(int workers) {
        List<String> sources = IntStream.range(nextSource, Math.min(nextSource + workers, size.workers()))
                .mapToObj(SimulatedFleet::name)
                .toList();
        nextSource += workers;
        if (sources.isEmpty()) {
            throw new BenchFailure("every worker has been drained: more volumes, fewer migrations or fewer seconds");
        }
        operator.send("/drains", new DrainRequest(sources, null, null, "bench", null, DrainRequest.Limits.DEFAULT));
    }

    private static double secondsSince(long began) {
        return (System.nanoTime() - began) / 1e9;
    }
}
