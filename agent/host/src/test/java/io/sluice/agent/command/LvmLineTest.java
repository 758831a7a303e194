package io.sluice.agent.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class LvmLineTest {
    @Test
    void everyCommandIsToldToLeaveOurDevicesAlone() {
        List<String> line = LvmLine.of("lvs", List.of("-o", "lv_name", "vg"));

        assertThat(line).startsWith("lvs", "--config").endsWith("-o", "lv_name", "vg");
        assertThat(line.get(2)).contains("r|^/dev/mapper/sluice-|");
        assertThat(LvmLine.shown(line)).containsExactly("lvs", "-o", "lv_name", "vg");
    }

    @Test
    void otherCommandsAreShownAsTheyAre() {
        assertThat(LvmLine.shown(List.of("dmsetup", "ls"))).containsExactly("dmsetup", "ls");
    }
}
