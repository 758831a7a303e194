package io.sluice.orchestrator.web.dashboard;

import io.sluice.orchestrator.web.WorkerView;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Stream;

/** The fleet's workers by pages: first those that are silent or tell of failures, then those that are drained or take nothing. */
final class WorkerPage {
    private WorkerPage() {}

    static ShownPage<WorkerView> of(List<WorkerView> all, int wanted) {
        return ShownPage.of(all, wanted, Comparator.comparingInt(WorkerPage::rank));
    }

    /** Those whose id, region, zone or rack has this text in it, in whatever case. */
    static List<WorkerView> found(List<WorkerView> all, String text) {
        String wanted = text.strip().toLowerCase(Locale.ROOT);
        return wanted.isEmpty()
                ? all
                : all.stream()
                        .filter(worker -> Stream.of(
                                        worker.id(),
                                        worker.location().region(),
                                        worker.location().zone(),
                                        worker.location().rack())
                                .filter(Objects::nonNull)
                                .anyMatch(name -> name.toLowerCase(Locale.ROOT).contains(wanted)))
                        .toList();
    }

    private static int rank(WorkerView worker) {
        int calm = switch (worker.status()) {
            case LOST -> 0;
            case DRAINING -> 2;
            case DRAINED -> 3;
            case CORDONED -> 4;
            case ACTIVE -> 5;
            case WRITTEN_OFF -> 6;
        };
        return worker.failures().isEmpty() ? calm : Math.min(calm, 1);
    }
}
