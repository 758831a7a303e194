package io.sluice.orchestrator.web.dashboard;

import io.sluice.orchestrator.web.MigrationView;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A migration's way as steps: passed, the present one, and those to come. Pure. */
final class Timeline {

    private static final List<String> WAY = List.of(
            "PLANNED",
            "PREPARING",
            "READY",
            "STOPPING",
            "CLONING",
            "STARTING",
            "HYDRATING",
            "SETTLING",
            "RELEASING",
            "DONE");
    private static final List<String> WAY_BACK = List.of("ABORTING", "ABORTED");

    private Timeline() {}

    /** One step; {@code millis} is how long it took, null while it lasts or before. */
    record Step(String name, Place place, @Nullable Long millis) {}

    enum Place {
        PASSED,
        PRESENT,
        AHEAD
    }

    static List<Step> of(MigrationView migration) {
        String present = upper(migration.state());
        Map<String, Long> took = new HashMap<>();
        List<String> entered = new ArrayList<>();
        for (MigrationView.HistoryView step : migration.history()) {
            entered.add(upper(step.to()));
            if (step.from() != null && step.millisInPrevious() != null) {
                took.merge(upper(step.from()), step.millisInPrevious(), Long::sum);
            }
        }
        List<Step> steps = new ArrayList<>();
        for (String state : WAY_BACK.contains(present) ? wayBack(entered) : WAY) {
            steps.add(new Step(state.toLowerCase(Locale.ROOT), place(state, present), took.get(state)));
        }
        return steps;
    }

    /** What was passed before the turn, then the way back; steps that will never come are left out. */
    private static List<String> wayBack(List<String> entered) {
        List<String> way = new ArrayList<>();
        way.add(WAY.getFirst());
        WAY.stream().skip(1).filter(entered::contains).forEach(way::add);
        way.addAll(WAY_BACK);
        return way;
    }

    private static Place place(String state, String present) {
        if (state.equals(present)) {
            return present.equals("DONE") || present.equals("ABORTED") ? Place.PASSED : Place.PRESENT;
        }
        boolean back = WAY_BACK.contains(present);
        int own = back && WAY_BACK.contains(state) ? WAY.size() + WAY_BACK.indexOf(state) : WAY.indexOf(state);
        int reached = back ? WAY.size() + WAY_BACK.indexOf(present) : WAY.indexOf(present);
        return own < reached ? Place.PASSED : Place.AHEAD;
    }

    private static String upper(String state) {
        return state.toUpperCase(Locale.ROOT);
    }
}
