package io.sluice.orchestrator.cli.progress;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.orchestrator.cli.client.DrainView;
import io.sluice.orchestrator.cli.client.Eta;
import io.sluice.orchestrator.cli.client.MigrationView;
import io.sluice.orchestrator.cli.client.PlanView;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProgressViewTest {

    private static final long MIB = 1 << 20;
    private static final Look WIDE = new Look(160, Look.Paint.NONE, Look.Glyphs.ASCII);

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                // state    | hydrated | rate | eta | expected
                "Planned    | -   | -  | - | '........................   ? %  ? of 256 MiB          to worker-2'",
                "Preparing  | -   | -  | - | '........................   ? %  ? of 256 MiB          to worker-2'",
                "Hydrating  | -   | -  | - | '........................   ? %  ? of 256 MiB          rate unknown  ETA unknown    exposure unknown'",
                "Hydrating  | 0   | 41 | 6 | '........................   0 %  0 B of 256 MiB        41 MiB/s      ETA 6 s        exposure 256 MiB'",
                "Hydrating  | 64  | 41 | 4 | '######..................  25 %  64 MiB of 256 MiB     41 MiB/s      ETA 4 s        exposure 192 MiB'",
                "Hydrating  | 255 | 41 | 1 | '#######################.  99 %  255 MiB of 256 MiB    41 MiB/s      ETA 1 s        exposure 1 MiB'",
                "Settling   | 255 | -  | - | '######################## 100 %  256 MiB of 256 MiB    to worker-2'",
                "Done       | 256 | -  | - | '######################## 100 %  256 MiB of 256 MiB    interrupted 84 ms, on worker-2'",
                "Aborting   | 12  | -  | - | '#.......................   4 %  12 MiB of 256 MiB     to worker-2'",
            })
    void eachStateHasItsRow(
            String state, @Nullable Long hydrated, @Nullable Long rate, @Nullable Long eta, String expected) {
        List<String> lines = new ProgressView(WIDE)
                .lines(drain(DrainView.Phase.RUNNING, List.of(), migration("db-1", state, hydrated, rate, eta)));

        assertThat(lines.get(1)).isEqualTo("  db-1    %-10s%s".formatted(state.toLowerCase(Locale.ROOT), expected));
    }

    @Test
    void headlineCountsWhatIsWhereAndLeavesOutWhatIsNot() {
        assertThat(new ProgressView(WIDE).lines(drain(DrainView.Phase.RUNNING, List.of())))
                .first()
                .isEqualTo("drain d-1 of worker-1: running, 1 of 3 done, 1 hydrating, 1 waiting");
    }

    @Test
    void severalMigrationsAreSummedUp() {
        List<String> lines = new ProgressView(WIDE)
                .lines(drain(
                        DrainView.Phase.RUNNING,
                        List.of(),
                        migration("db-1", "Hydrating", 64L, 1L, 1L),
                        migration("db-2", "Planned", null, null, null)));

        assertThat(lines)
                .hasSize(4)
                .last()
                .asString()
                .startsWith("  all ")
                .contains("12 %")
                .contains("64 MiB of 512 MiB");
    }

    @Test
    void safeToPowerOffIsSaidOnlyWhenItIs() {
        DrainView.Blocker blocker = new DrainView.Blocker("VOLUME_HELD", "vol-1 is still there", "wait", "vol-1", 3L);

        assertThat(new ProgressView(WIDE).lines(drain(DrainView.Phase.DRAINED, List.of())))
                .last()
                .isEqualTo("worker-1 is SAFE TO POWER OFF");
        assertThat(new ProgressView(WIDE).lines(drain(DrainView.Phase.BLOCKED, List.of(blocker))))
                .endsWith(
                        "worker-1 is NOT safe to power off:",
                        "  VOLUME_HELD  vol-1: vol-1 is still there (for 3 s)",
                        "           remedy: wait");
    }

    @Test
    void noLineIsWiderThanTheTerminalAndTheStateStillShows() {
        Look narrow = new Look(50, Look.Paint.NONE, Look.Glyphs.ASCII);
        DrainView drain = drain(
                DrainView.Phase.RUNNING, List.of(), migration("a-workload-with-a-long-name", "Hydrating", 64L, 1L, 1L));

        assertThat(new ProgressView(narrow).lines(drain))
                .allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(50))
                .anySatisfy(line -> assertThat(line).startsWith("  a-workload-with~  hydrating ##........  25 %"));
    }

    @Test
    void colourAddsEscapesButNoText() {
        Look coloured = new Look(160, Look.Paint.ANSI, Look.Glyphs.ASCII);
        DrainView drain = drain(DrainView.Phase.RUNNING, List.of(), migration("db-1", "Hydrating", 64L, 1L, 1L));

        List<String> stripped = new ProgressView(coloured)
                .lines(drain).stream()
                        .map(line -> line.replaceAll("\u001b\\[\\d+m", ""))
                        .toList();

        assertThat(stripped).isEqualTo(new ProgressView(WIDE).lines(drain));
        assertThat(new ProgressView(coloured).lines(drain).get(1)).contains("\u001b[34mhydrating\u001b[0m");
    }

    @Test
    void logTellsOnlyWhatChanged() {
        DrainView first = drain(DrainView.Phase.RUNNING, List.of(), migration("db-1", "Planned", null, null, null));
        DrainView second = drain(DrainView.Phase.RUNNING, List.of(), migration("db-1", "Hydrating", 1L, 1L, 1L));

        assertThat(ProgressLog.changes(null, first))
                .containsExactly("db-1: planned (worker-1 -> worker-2)", "drain d-1 of worker-1: running");
        assertThat(ProgressLog.changes(first, first)).isEmpty();
        assertThat(ProgressLog.changes(first, second)).containsExactly("db-1: hydrating (worker-1 -> worker-2)");
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "-,unknown",
                "0,0 B",
                "1023,1023 B",
                "1024,1 KiB",
                "1536,1.5 KiB",
                "1048575,1 MiB",
                "268435456,256 MiB",
                "1610612736,1.5 GiB"
            })
    void bytesAreShort(@Nullable Long bytes, String expected) {
        assertThat(Quantities.bytes(bytes)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "-,-,unknown",
                "60,60,1 min 0 s",
                "60,3600,1 min 0 s to 1 h 0 min",
                "60,-,at least 1 min 0 s",
                "-,60,at most 1 min 0 s"
            })
    void whatIsLeftIsARange(@Nullable Long least, @Nullable Long most, String expected) {
        assertThat(Words.eta(new Eta(least, most), null)).isEqualTo(expected);
    }

    @Test
    void aServiceWithoutRangesIsUnderstood() {
        assertThat(Words.eta(null, 60L)).isEqualTo("1 min 0 s");
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {"-,unknown", "0,0 s", "59,59 s", "61,1 min 1 s", "3661,1 h 1 min", "90000,1 d 1 h"})
    void durationsAreShort(@Nullable Long seconds, String expected) {
        assertThat(Quantities.seconds(seconds)).isEqualTo(expected);
    }

    private static MigrationView migration(
            String workload, String state, @Nullable Long hydratedMib, @Nullable Long rateMib, @Nullable Long eta) {
        Long hydrated = hydratedMib == null ? null : Long.valueOf(hydratedMib * MIB);
        Long exposure = hydrated == null ? null : Long.valueOf(256 * MIB - hydrated);
        return new MigrationView(
                "m-" + workload,
                "d-1",
                workload,
                "worker-1",
                "worker-2",
                null,
                "PORTABLE",
                state,
                null,
                1L,
                1L,
                null,
                null,
                new MigrationView.Progress(
                        256 * MIB,
                        null,
                        hydrated,
                        null,
                        null,
                        null,
                        rateMib == null ? null : Long.valueOf(rateMib * MIB),
                        eta,
                        exposure),
                null,
                state.equals("Done") ? 84L : null,
                null,
                List.of(),
                List.of());
    }

    private static DrainView drain(
            DrainView.Phase phase, List<DrainView.Blocker> blockers, MigrationView... migrations) {
        List<PlanView.Refusal> none = List.of();
        return new DrainView(
                "d-1",
                "worker-1",
                phase,
                null,
                null,
                null,
                List.of(),
                new DrainView.Counts(3, 1, 0, 1, 1, 0, 0),
                new DrainView.Bytes(migrations.length * 256L * MIB, null, 64 * MIB, null, null),
                null,
                null,
                null,
                null,
                null,
                null,
                new DrainView.SafeToPowerOff(phase == DrainView.Phase.DRAINED, blockers),
                none,
                List.of(migrations));
    }
}
