package io.sluice.agent.devicemapper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.agent.devicemapper.CloneTable.Hydration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TableTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0 2048 linear 253:4 0",
                "0 2048 clone 253:1 253:2 253:3 128 2 no_hydration no_discard_passdown 4 hydration_threshold 1"
                        + " hydration_batch_size 1",
                "0 2048 era 253:1 253:2 128",
                "0 2048 multipath 3 queue_if_no_path queue_mode bio 0 1 1 round-robin 0 1 1 8:16 1",
                "0 2048 multipath 3 queue_if_no_path queue_mode bio 0 0 0",
                "0 2048 thin 253:7 12"
            })
    void whatTheKernelPrintsIsReadAndWrittenAgain(String line) {
        assertThat(Table.parse(line + "\n").line()).isEqualTo(line);
    }

    @Test
    void aCloneIsMadeWithHydrationOffAndDiscardsKeptFromItsDestination() {
        CloneTable table = CloneTable.idle(1 << 20, "/dev/m", "/dev/d", "/dev/s", 128, new Hydration(16, 16));
        assertThat(table.line())
                .isEqualTo("0 2048 clone /dev/m /dev/d /dev/s 128 2 no_hydration no_discard_passdown"
                        + " 4 hydration_threshold 16 hydration_batch_size 16");
    }

    @Test
    void aRunningCloneIsReadWithTheFeaturesItHas() {
        Table table = Table.parse("0 2048 clone 253:1 253:2 253:3 128 1 no_discard_passdown"
                + " 4 hydration_threshold 8 hydration_batch_size 4");
        assertThat(table)
                .isEqualTo(new CloneTable(
                        2048,
                        "253:1",
                        "253:2",
                        "253:3",
                        128,
                        List.of(CloneTable.NO_DISCARD_PASSDOWN),
                        new Hydration(8, 4)));
    }

    @Test
    void aMapWithoutAPathQueuesWhatItIsGiven() {
        assertThat(MultipathTable.over(null, 1 << 20).line())
                .isEqualTo("0 2048 multipath 3 queue_if_no_path queue_mode bio 0 0 0");
        assertThat(MultipathTable.over("8:16", 1 << 20).line())
                .isEqualTo("0 2048 multipath 3 queue_if_no_path queue_mode bio 0 1 1 round-robin 0 1 1 8:16 1");
    }

    @Test
    void aSizeThatIsNoWholeSectorsIsRefused() {
        assertThatThrownBy(() -> LinearTable.over("253:1", 1000)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0 x linear 253:4 0", "0 2048 linear", "8 2048 linear 253:4 0"})
    void whatIsNoTableIsRefusedWithTheLine(String line) {
        assertThatThrownBy(() -> Table.parse(line))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'" + line + "'");
    }
}
