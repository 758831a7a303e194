package io.sluice.orchestrator.web.dashboard;

import io.sluice.orchestrator.web.MigrationView;
import java.util.Comparator;
import java.util.List;

/** A drain's migrations by pages: first those that are on their way, then those that were given up, wait, or are done. */
final class MigrationPage {
    /** The states' names as REST says them; any other is on its way. */
    private static final List<String> AT_REST = List.of("Aborted", "Planned", "Done");

    private MigrationPage() {}

    static ShownPage<MigrationView> of(List<MigrationView> all, int wanted) {
        return ShownPage.of(all, wanted, Comparator.comparingInt(migration -> AT_REST.indexOf(migration.state())));
    }
}
