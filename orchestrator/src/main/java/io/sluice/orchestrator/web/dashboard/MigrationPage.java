package io.sluice.orchestrator.web.dashboard;

import io.sluice.orchestrator.web.MigrationView;
import java.util.Comparator;
import java.util.List;

/**
 * So many of a drain's migrations as one page shows. Those of a small drain come in their order; of a large one those come first that are on
 * their way, then those that were given up, wait, or are done.
 *
 * @param number of the page, counted from 1
 * @param first number of the first migration on it, counted from 1
 * @param total all migrations of the drain
 */
public record MigrationPage(List<MigrationView> shown, int number, int pages, int first, int total) {
    static final int SIZE = 50;

    /** The states' names as REST says them; any other is on its way. */
    private static final List<String> AT_REST = List.of("Aborted", "Planned", "Done");

    public MigrationPage {
        shown = List.copyOf(shown);
    }

    /** The page of this number, or the nearest there is. */
    static MigrationPage of(List<MigrationView> all, int wanted) {
        int pages = Math.max(1, (all.size() + SIZE - 1) / SIZE);
        int number = Math.clamp(wanted, 1, pages);
        int from = (number - 1) * SIZE;
        List<MigrationView> ordered = pages == 1
                ? all
                : all.stream()
                        .sorted(Comparator.comparingInt(migration -> AT_REST.indexOf(migration.state())))
                        .toList();
        return new MigrationPage(
                ordered.subList(from, Math.min(all.size(), from + SIZE)), number, pages, from + 1, all.size());
    }

    public int last() {
        return first + shown.size() - 1;
    }
}
