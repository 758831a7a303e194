package io.sluice.orchestrator.web.dashboard;

import io.sluice.orchestrator.migration.Steering;
import io.sluice.orchestrator.web.LimitsView;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The fields of the form that changes what a drain keeps to while it runs; an emptied one goes back to its default. */
record LimitsForm(
        @Nullable Integer perSource,
        @Nullable Integer perDestination,
        @Nullable Integer priority,
        @Nullable String notBefore,
        @Nullable String windows,
        @Nullable String deadline,
        Steering.@Nullable Missed deadlineMissed,
        @Nullable Integer thirdPartyVolumes,
        @Nullable Long thirdPartyBytes) {

    /** Windows stand one in a line. */
    LimitsView limits() {
        List<String> lines = windows == null
                ? List.of()
                : windows.lines()
                        .map(String::strip)
                        .filter(line -> !line.isEmpty())
                        .toList();
        return new LimitsView(
                perSource,
                perDestination,
                priority,
                WishForm.time("begin not before", notBefore),
                lines,
                WishForm.time("deadline", deadline),
                deadlineMissed,
                thirdPartyVolumes == null && thirdPartyBytes == null
                        ? null
                        : new LimitsView.ThirdPartyView(thirdPartyVolumes, thirdPartyBytes));
    }
}
