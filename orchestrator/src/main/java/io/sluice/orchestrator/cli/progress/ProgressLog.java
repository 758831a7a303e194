package io.sluice.orchestrator.cli.progress;

import io.sluice.orchestrator.cli.client.DrainView;
import io.sluice.orchestrator.cli.client.MigrationView;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A drain as a log: what changed between two looks at it, one line each. For output that is no terminal. Pure. */
public final class ProgressLog {

    private ProgressLog() {}

    /**
     * What to print now.
     *
     * @param before the last look, or null at the first
     */
    public static List<String> changes(@Nullable DrainView before, DrainView now) {
        List<String> lines = new ArrayList<>();
        if (before == null) {
            now.refusals().forEach(refusal -> lines.addAll(Words.refusal(refusal)));
        }
        Map<String, MigrationView> known = before == null
                ? Map.of()
                : before.migrations().stream().collect(Collectors.toMap(MigrationView::id, migration -> migration));
        for (MigrationView migration : now.migrations()) {
            MigrationView last = known.get(migration.id());
            if (last == null || !last.state().equals(migration.state())) {
                lines.add(state(migration));
            }
            if (migration.reason() != null && !sameReason(last, migration)) {
                lines.add(migration.subject() + ": " + migration.reason().code() + ": "
                        + migration.reason().message());
            }
        }
        if (before == null || before.phase() != now.phase()) {
            lines.add("drain " + now.id() + " of " + now.worker() + ": "
                    + lower(now.phase().name()));
            lines.addAll(verdict(now));
        }
        return lines;
    }

    private static String state(MigrationView migration) {
        String line = migration.subject() + ": " + lower(migration.state()) + " (" + migration.source() + " -> "
                + migration.destination() + migration.purpose() + ")";
        return migration.interruptionMs() == null
                ? line
                : line + ", interrupted " + Quantities.millis(migration.interruptionMs());
    }

    private static List<String> verdict(DrainView drain) {
        if (drain.safeToPowerOff().value()) {
            return List.of(drain.worker() + " is SAFE TO POWER OFF");
        }
        return drain.phase().resting()
                ? drain.safeToPowerOff().blockers().stream()
                        .flatMap(blocker -> Words.blocker(blocker).stream())
                        .toList()
                : List.of();
    }

    private static boolean sameReason(@Nullable MigrationView last, MigrationView now) {
        return last != null
                && last.reason() != null
                && now.reason() != null
                && Objects.equals(last.reason().code(), now.reason().code());
    }

    private static String lower(String word) {
        return word.toLowerCase(Locale.ROOT);
    }
}
