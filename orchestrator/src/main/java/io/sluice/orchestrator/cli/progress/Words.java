package io.sluice.orchestrator.cli.progress;

import io.sluice.orchestrator.cli.client.DrainView;
import io.sluice.orchestrator.cli.client.Eta;
import io.sluice.orchestrator.cli.client.PlanView;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Refusals and blockers in words: the code, what it is about, the reason, and on the next line the remedy. */
public final class Words {

    private Words() {}

    public static List<String> refusal(PlanView.Refusal refusal) {
        String what = refusal.workload() == null ? String.join(", ", refusal.volumes()) : refusal.workload();
        return lines("  refused  " + refusal.code() + "  " + what + ": " + refusal.message(), refusal.remedy());
    }

    public static List<String> blocker(DrainView.Blocker blocker) {
        String subject = blocker.subject() == null ? "" : "  " + blocker.subject();
        String since =
                blocker.sinceSeconds() == null ? "" : " (for " + Quantities.seconds(blocker.sinceSeconds()) + ")";
        return lines("  " + blocker.code() + subject + ": " + blocker.message() + since, blocker.remedy());
    }

    /** What a drain as a whole waits for or is late by. */
    public static List<String> holdUp(DrainView.HoldUp holdUp) {
        String since = holdUp.sinceSeconds() == null ? "" : " for " + Quantities.seconds(holdUp.sinceSeconds());
        return lines("  " + holdUp.code() + since + ": " + holdUp.message(), holdUp.remedy());
    }

    /**
     * A range, one time where both ends are the same, else what is known of it.
     *
     * @param atThisRate what a service without ranges says
     */
    public static String eta(@Nullable Eta eta, @Nullable Long atThisRate) {
        if (eta == null) {
            return Quantities.seconds(atThisRate);
        }
        String least = Quantities.seconds(eta.minSeconds());
        String most = Quantities.seconds(eta.maxSeconds());
        if (least.equals(most)) {
            return least;
        }
        if (eta.maxSeconds() == null) {
            return "at least " + least;
        }
        return eta.minSeconds() == null ? "at most " + most : least + " to " + most;
    }

    /** What clones on the destination; a server that knows of one engine alone names none. */
    public static String engine(@Nullable String engine) {
        return engine == null ? "portable" : engine.toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static List<String> lines(String first, @Nullable String remedy) {
        List<String> lines = new ArrayList<>();
        lines.add(first);
        if (remedy != null) {
            lines.add("           remedy: " + remedy);
        }
        return lines;
    }
}
