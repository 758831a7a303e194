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
        load("load", FleetResult::load);
        load("saturation", FleetResult::saturation);
        line("page of the largest worker's drain, ms", of -> number(of.drainPage()));
        line(
                "processor ms: idle sync / sync / of something new",
                of -> of.cpu().idleSync() + " / " + of.cpu().sync() + " / "
                        + of.cpu().changedSync());
        line(
                "processor ms: plan / page",
                of -> number(of.cpu().plan()) + " / " + number(of.cpu().drainPage()));
        line("registrations per second", of -> number(of.registerPerSecond()));
        line(
                "orchestrator's memory, MiB, at the end / at most",
                of -> of.memory().residentMebibytes() + " / " + of.memory().mostMebibytes());
        line("failed calls", of -> Integer.toString(of.failedCalls()));
        return text.toString();
    }

    private void load(String name, Function<FleetResult, DrainLoad.Measured> part) {
        line(name + ": live migrations", of -> number(part.apply(of).live()));
        line(
                name + ": decision latency, p50 / p99 ms",
                of -> quantiles(part.apply(of).decisions()));
        line(name + ": transitions per second", of -> number(part.apply(of).transitions()));
        line(name + ": syncs per second", of -> number(part.apply(of).syncs()));
        line(
                name + ": database statements per sync",
                of -> fraction(part.apply(of).statementsPerSync()));
        line(
                name + ": database statements per transition",
                of -> number(part.apply(of).statementsPerTransition()));
        line(
                name + ": processor ms per transition",
                of -> fraction(part.apply(of).cpu()));
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
