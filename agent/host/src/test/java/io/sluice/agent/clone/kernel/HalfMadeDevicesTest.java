package io.sluice.agent.clone.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.sluice.agent.testing.ScriptedCommands.Died;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HalfMadeDevicesTest {
    @TempDir
    private Path directory;

    /** Making a device takes the kernel three calls; the other crashes of a clone's life are at whole operations. */
    @Test
    void diedWithinMakingADeviceACloneGoesOnToTheEnd() throws Exception {
        KernelRig whole = new KernelRig(Files.createDirectories(directory.resolve("whole")));
        whole.wholeLife();
        int devices = whole.mapper.creates();
        assertThat(devices).isGreaterThanOrEqualTo(2);
        for (int device = 0; device < devices; device++) {
            for (int calls = 1; calls <= 2; calls++) {
                KernelRig rig = new KernelRig(Files.createDirectories(directory.resolve(device + "-" + calls)));
                rig.mapper.dieWithin(device, calls);
                assertThat(catchThrowableOfType(Died.class, rig::wholeLife)).isNotNull();
                rig.commands.live();
                rig.restart();
                rig.wholeLife();
                rig.assertThatNothingIsLeft();
            }
        }
    }
}
