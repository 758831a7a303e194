package io.sluice.orchestrator.simulation;

import io.sluice.orchestrator.migration.MigrationState;
import java.util.Locale;

/** Counts in words, for people. */
final class Summary {
    private static final String[] INVARIANTS = {
        "",
        "one writer, one runner",
        "exports close when no longer needed",
        "source bytes go last",
        "generations, epochs and states never go back",
        "ceilings, groups, closed and full workers",
        "no acknowledged write is lost",
        "what ended holds nothing; every drain ends or says why"
    };

    private final Statistics statistics;

    Summary(Statistics statistics) {
        this.statistics = statistics;
    }

    String text() {
        StringBuilder text = new StringBuilder();
        text.append(String.format(
                Locale.ROOT,
                "%,d lives, %,d events, %,d virtual hours%n",
                statistics.lives(),
                statistics.events(),
                hours()));
        text.append("faults\n");
        for (Fault fault : Fault.values()) {
            text.append(String.format(Locale.ROOT, "  %,12d %s%n", statistics.count(fault), fault.words()));
        }
        text.append("invariants checked\n");
        for (int invariant = 1; invariant <= Statistics.INVARIANTS; invariant++) {
            text.append(String.format(
                    Locale.ROOT, "  %,12d %d: %s%n", statistics.checks(invariant), invariant, INVARIANTS[invariant]));
        }
        text.append(String.format(
                Locale.ROOT,
                "copying under ceilings (rates were settled in %d of 100 looks; then)%n"
                        + "  %,12d times the fullest ceiling on a copy's way: used %.1f %% in the mean, %.1f %% at least%n"
                        + "  %,12d times copies that should have the same: Jain's index %.4f in the mean, %.4f at least%n",
                statistics.settledPercent(),
                statistics.use().count(),
                100 * statistics.use().mean(),
                100 * statistics.use().least(),
                statistics.fairness().count(),
                statistics.fairness().mean(),
                statistics.fairness().least()));
        text.append(String.format(
                Locale.ROOT, "  %,12d third-party moves done to make room%n", statistics.thirdPartyMoves()));
        text.append("states entered\n");
        for (MigrationState state : MigrationState.all()) {
            if (state != MigrationState.Reversible.PLANNED) {
                text.append(String.format(
                        Locale.ROOT,
                        "  %,12d %s%n",
                        statistics.entered().getOrDefault(state.title(), 0L),
                        state.title()));
            }
        }
        text.append("drains at the end\n");
        statistics
                .drains()
                .forEach((phase, count) -> text.append(String.format(Locale.ROOT, "  %,12d %s%n", count, phase)));
        return text.toString();
    }

    private long hours() {
        return statistics.virtualMillis() / 3_600_000;
    }
}
