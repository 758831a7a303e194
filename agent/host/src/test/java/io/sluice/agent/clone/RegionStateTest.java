package io.sluice.agent.clone;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class RegionStateTest {
    /** Event by state, in the order of the states' declaration: the state moved to, {@code wait}, or {@code -}. */
    @ParameterizedTest
    @CsvSource(delimiterString = "|", textBlock = """
            COPY_WANTED      | FETCHING    | wait        | wait   | wait    | -              | - | -            | - | -
            FETCHED          | -           | STORING     | -      | -       | -              | - | -            | - | -
            FETCH_FAILED     | -           | REMOTE      | -      | -       | -              | - | -            | - | -
            STORED           | -           | -           | COPIED | -       | -              | - | -            | - | -
            STORE_FAILED     | -           | -           | REMOTE | -       | -              | - | -            | - | -
            OVERWRITE_WANTED | OVERWRITING | OVERWRITING | wait   | wait    | -              | - | -            | - | -
            OVERWRITTEN      | -           | -           | -      | WRITTEN | -              | - | -            | - | -
            OVERWRITE_FAILED | -           | -           | -      | REMOTE  | -              | - | -            | - | -
            WRITE_IN_PLACE   | -           | -           | -      | -       | COPIED_WRITTEN | - | HOLE_WRITTEN | - | -
            HOLE_FOUND       | HOLE        | -           | -      | -       | -              | - | -            | - | -
            """)
    void everyEventInEveryStateDoesWhatTheTableSays(
            RegionEvent event,
            String remote,
            String fetching,
            String storing,
            String overwriting,
            String copied,
            String copiedWritten,
            String hole,
            String holeWritten,
            String written) {
        assertThat(Stream.of(RegionState.values()).map(state -> name(state.on(event))))
                .containsExactly(
                        remote, fetching, storing, overwriting, copied, copiedWritten, hole, holeWritten, written);
    }

    @ParameterizedTest
    @MethodSource("everyLocalStateAndEvent")
    void aLocalRegionStaysLocalWhateverHappens(RegionState state, RegionEvent event) {
        RegionState after = switch (state.on(event)) {
            case RegionStep.Move move -> move.to();
            case RegionStep.Wait wait -> state;
            case RegionStep.Stay stay -> state;
        };
        assertThat(after.local()).isTrue();
    }

    @Test
    void onlyLocalStatesAreRememberedAndEachIsReadBackAsItself() {
        for (RegionState state : RegionState.values()) {
            assertThat(RegionState.knows(state.code())).isTrue();
            assertThat(RegionState.ofCode(state.code())).isEqualTo(state.local() ? state : RegionState.REMOTE);
        }
        assertThat(RegionState.knows((byte) 6)).isFalse();
        assertThat(RegionState.knows((byte) -1)).isFalse();
    }

    static Stream<Arguments> everyLocalStateAndEvent() {
        return Stream.of(RegionState.values())
                .filter(RegionState::local)
                .flatMap(state -> Stream.of(RegionEvent.values()).map(event -> Arguments.of(state, event)));
    }

    private static String name(RegionStep step) {
        return switch (step) {
            case RegionStep.Move move -> move.to().name();
            case RegionStep.Wait wait -> "wait";
            case RegionStep.Stay stay -> "-";
        };
    }
}
