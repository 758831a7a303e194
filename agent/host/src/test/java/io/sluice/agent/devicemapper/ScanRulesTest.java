package io.sluice.agent.devicemapper;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.agent.testing.ScriptedCommands;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScanRulesTest {
    private final ScriptedCommands commands = new ScriptedCommands();

    @Test
    void udevIsToldToKeepItsScannersOffOurDevices(@TempDir Path udev) throws IOException {
        commands.exits("udevadm", 0);
        ScanRules.install(udev, commands);
        ScanRules.install(udev, commands);
        assertThat(Files.readString(udev.resolve("rules.d/12-sluice.rules")))
                .contains(
                        "ATTR{dm/name}==\"sluice-*\"",
                        "DM_NOSCAN",
                        "ATTRS{vendor}==\"SLUICE  \"",
                        "SYMLINK+=\"disk/by-path/$env{ID_PATH}\"");
        assertThat(commands.lines()).contains("udevadm control --reload");
    }

    @Test
    void whereNoUdevRunsNothingIsWritten(@TempDir Path directory) {
        ScanRules.install(directory.resolve("udev"), commands);
        assertThat(directory).isEmptyDirectory();
        assertThat(commands.ran()).isEmpty();
    }
}
