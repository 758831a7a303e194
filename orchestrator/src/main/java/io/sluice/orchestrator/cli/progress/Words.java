package io.sluice.orchestrator.cli.progress;

import io.sluice.orchestrator.cli.client.DrainView;
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
