package io.sluice.orchestrator.web.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TimelineTest {

    /** Passed steps in brackets, the present one marked. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Planned   | *planned preparing ready stopping cloning starting hydrating settling releasing done",
                "Hydrating | (planned) (preparing) (ready) (stopping) (cloning) (starting) *hydrating settling releasing done",
                "Done      | (planned) (preparing) (ready) (stopping) (cloning) (starting) (hydrating) (settling) (releasing) (done)",
            })
    void stepsArePassedPresentOrAhead(String state, String expected) {
        assertThat(shown(state, state)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Planned   | Aborting | (planned) *aborting aborted",
                "Preparing | Aborting | (planned) (preparing) *aborting aborted",
                "Preparing | Aborted  | (planned) (preparing) (aborting) (aborted)",
                "Cloning   | Aborting | (planned) (preparing) (ready) (stopping) (cloning) *aborting aborted",
            })
    void wayBackLeavesOutWhatWillNeverCome(String reached, String state, String expected) {
        assertThat(shown(reached, state)).isEqualTo(expected);
    }

    private static String shown(String reached, String state) {
        return Timeline.of(Examples.turned("m-1", "db-1", reached, state)).stream()
                .map(step -> switch (step.place()) {
                    case PASSED -> "(" + step.name() + ")";
                    case PRESENT -> "*" + step.name();
                    case AHEAD -> step.name();
                })
                .collect(Collectors.joining(" "));
    }
}
