package io.sluice.orchestrator.web.dashboard;

import io.sluice.orchestrator.web.DrainView;
import io.sluice.orchestrator.web.VolumeView;
import io.sluice.orchestrator.web.WorkerView;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.springframework.stereotype.Component;
import org.springframework.web.util.UriUtils;
import org.thymeleaf.ITemplateEngine;
import org.thymeleaf.context.Context;

/**
 * What each page shows: the name of its living part's template and the values in it. A page's first answer and its later
 * updates are made from the same, so they cannot differ.
 */
@Component
class LivingPages {

    /** So many drains that ended are listed. */
    private static final int ENDED = 100;

    private final ShownFleet fleet;
    private final ShownDrains drains;
    private final CopyActions copies;
    private final ITemplateEngine templates;

    LivingPages(ShownFleet fleet, ShownDrains drains, CopyActions copies, ITemplateEngine templates) {
        this.copies = copies;
        this.fleet = fleet;
        this.drains = drains;
        this.templates = templates;
    }

    /** The part of a page that changes while it is looked at. */
    record Living(String template, Map<String, Object> values) {

        Living {
            values = new HashMap<>(values);
            values.put("words", new Words());
        }
    }

    /** The page of this number of those workers whose name or place has this text in it. */
    Living fleet(int page, String find) {
        List<WorkerView> all = fleet.workers();
        ShownPage<WorkerView> workers = WorkerPage.of(WorkerPage.found(all, find), page);
        List<DrainView> open =
                drains.drains(0).stream().filter(drain -> !over(drain)).toList();
        Set<String> shown = workers.shown().stream().map(WorkerView::id).collect(Collectors.toSet());
        return new Living(
                "dashboard/live-fleet",
                Map.of(
                        "total",
                        all.size(),
                        "silent",
                        all.stream().filter(worker -> !worker.connected()).count(),
                        "find",
                        find,
                        "sought",
                        sought(find),
                        "page",
                        workers,
                        "open",
                        open,
                        "running",
                        workloads(fleet.volumes(shown))));
    }

    /** What a link to another page of the same search ends with. */
    static String sought(String find) {
        return find.isBlank() ? "" : "&find=" + UriUtils.encode(find, StandardCharsets.UTF_8);
    }

    Living drains() {
        return new Living("dashboard/live-drains", Map.of("drains", drains.drains(ENDED)));
    }

    Living drain(String id, int page) {
        DrainView drain = drains.drain(id);
        return new Living(
                "dashboard/live-drain",
                Map.of("drain", drain, "over", over(drain), "page", MigrationPage.of(drain.migrations(), page)));
    }

    Living migration(String id) {
        return new Living("dashboard/live-migration", Map.of("migration", drains.migration(id)));
    }

    Living volumes() {
        return new Living("dashboard/live-volumes", Map.of("volumes", fleet.volumes()));
    }

    Living copies() {
        return new Living("dashboard/live-copies", Map.of("copies", copies.copies()));
    }

    String html(Living living) {
        return templates.process(living.template(), new Context(Locale.ROOT, living.values()));
    }

    private static boolean over(DrainView drain) {
        return switch (drain.phase()) {
            case DRAINED, CANCELLED -> true;
            case SCHEDULED, PAUSED, RUNNING, EVACUATED, RETAINING, BLOCKED, CANCELLING -> false;
        };
    }

    /** The workloads on each worker that own a volume there. */
    private static Map<String, Set<String>> workloads(List<VolumeView> volumes) {
        return volumes.stream()
                .filter(volume -> volume.owner() && volume.workload() != null)
                .collect(Collectors.groupingBy(
                        VolumeView::worker,
                        Collectors.mapping(
                                volume -> String.valueOf(volume.workload()), Collectors.toCollection(TreeSet::new))));
    }
}
