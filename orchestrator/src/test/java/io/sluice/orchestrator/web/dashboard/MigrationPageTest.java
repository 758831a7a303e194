package io.sluice.orchestrator.web.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.orchestrator.web.MigrationView;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class MigrationPageTest {
    private static List<MigrationView> migrations(int count, String... states) {
        return IntStream.range(0, count)
                .mapToObj(i -> Examples.migration("m-" + i, "app-" + i, states[i % states.length], null))
                .toList();
    }

    @Test
    void aSmallDrainIsShownWholeAndInItsOrder() {
        List<MigrationView> all = migrations(ShownPage.SIZE, "Done", "Planned", "Hydrating");

        assertThat(MigrationPage.of(all, 1).shown()).isEqualTo(all);
        assertThat(MigrationPage.of(all, 1).pages()).isEqualTo(1);
    }

    @Test
    void ofALargeOneThoseOnTheirWayComeFirst() {
        ShownPage<MigrationView> page = MigrationPage.of(migrations(200, "Done", "Planned", "Aborted", "Hydrating"), 1);

        assertThat(page.shown())
                .hasSize(ShownPage.SIZE)
                .allMatch(one -> one.state().equals("Hydrating"));
        assertThat(List.of(page.first(), page.last(), page.pages(), page.total()))
                .containsExactly(1, 50, 4, 200);
        assertThat(MigrationPage.of(migrations(200, "Done", "Planned", "Aborted", "Hydrating"), 2)
                        .shown())
                .allMatch(one -> one.state().equals("Aborted"));
    }

    @Test
    void aPageThatDoesNotExistIsTheNearestOne() {
        List<MigrationView> all = migrations(120, "Stopping", "Done");

        assertThat(MigrationPage.of(all, 9).number()).isEqualTo(3);
        assertThat(MigrationPage.of(all, 9).shown()).hasSize(20);
        assertThat(MigrationPage.of(all, -1).number()).isEqualTo(1);
        assertThat(MigrationPage.of(List.of(), 1).shown()).isEmpty();
    }
}
