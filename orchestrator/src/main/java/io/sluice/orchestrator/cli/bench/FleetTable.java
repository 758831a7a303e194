package io.sluice.orchestrator.cli.bench;

import io.sluice.orchestrator.cli.bench.Latencies.Quantiles;
import java.util.Locale;
import java.util.function.Function;

/** Results for people: a line a figure, the smaller fleet beside the larger. */
final class FleetTable {
    private final FleetResult result;
    private final StringBuilder text = new StringBuilder();

    private FleetTable(FleetResult result) {
        this.result = result;
    }

    static String of(FleetResult result) {
        return new FleetTable(result).lines();
    }

    private String lines() {
        line("", of -> of.workers() + " workers");
        text.append("|---|---|---|\n");
        line("volumes", of -> Integer.toString(of.volumes()));
        line("idle: syncs per second", of -> number(of.idleSyncPerSecond()));
        line("idle: database statements per sync", of -> fraction(of.statementsPerIdleSync()));
        line("sync of nothing new, p50 / p99 ms", of -> quantiles(of.sync()));
        line("sync of something new, p50 / p99 ms", of -> quantiles(of.changedSync()));
        line("as many syncs of nothing new as are taken, per second", of -> number(of.syncPerSecond()));
        line("as many syncs of something new as are taken, per second", of -> number(of.changedSyncPerSecond()));
        line("plan of the largest worker, ms", of -> number(of.plan()));
        line("decision latency, one drain alone, p50 / p99 ms", of -> quantiles(of.decisionLatencyIdle()));
        line("load: live migrations", of -> number(of.liveMigrations()));
        line("load: decision latency, p50 / p99 ms", of -> quantiles(of.decisionLatency()));
        line("load: transitions per second", of -> number(of.transitionsPerSecond()));
        line("load: syncs per second", of -> number(of.loadedSyncPerSecond()));
        line("load: database statements per sync", of -> fraction(of.statementsPerSync()));
        line("load: database statements per transition", of -> number(of.statementsPerTransition()));
        line("page of the largest worker's drain, ms", of -> number(of.drainPage()));
        line(
                "processor ms: idle sync / sync / of something new",
                of -> of.cpu().idleSync() + " / " + of.cpu().sync() + " / "
                        + of.cpu().changedSync());
        line(
                "processor ms: plan / transition under load / page",
                of -> number(of.cpu().plan()) + " / " + fraction(of.cpu().transition()) + " / "
                        + number(of.cpu().drainPage()));
        line("registrations per second", of -> number(of.registerPerSecond()));
        line(
                "orchestrator's memory, MiB, at the end / at most",
                of -> of.memory().residentMebibytes() + " / " + of.memory().mostMebibytes());
        line("failed calls", of -> Integer.toString(of.failedCalls()));
        return text.toString();
    }

    private void line(String what, Function<FleetResult, String> value) {
        FleetResult smaller = result.growth();
        text.append(String.format(
                Locale.ROOT,
                "| %-62s | %16s | %16s |%n",
                what,
                smaller == null ? "" : value.apply(smaller),
                value.apply(result)));
    }

    private static String quantiles(Quantiles of) {
        return String.format(Locale.ROOT, "%.1f / %.1f", of.p50(), of.p99());
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%,.0f", value);
    }

    private static String fraction(double value) {
        return String.format(Locale.ROOT, "%.2f", value);
    }
}
