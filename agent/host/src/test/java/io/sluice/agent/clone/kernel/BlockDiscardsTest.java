package io.sluice.agent.clone.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.iscsi.block.BlockDeviceException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What shows without a block device; on real ones the lab does. */
class BlockDiscardsTest {
    private static final String ENOTTY = "errno 25";

    @TempDir
    Path directory;

    @Test
    void whatTakesNoDiscardIsRefusedAndLeftAsItIs() throws IOException {
        Path file = directory.resolve("file");
        byte[] content = new byte[8192];
        content[5000] = 1;
        Files.write(file, content);
        try (Media.Discarding disk = new LinuxMedia().discarding(file)) {
            assertThatThrownBy(() -> disk.discard(4096, 4096))
                    .isInstanceOf(BlockDeviceException.class)
                    .hasMessageContaining("discard a range of " + file)
                    .hasMessageContaining(ENOTTY);
            disk.flush();
        }
        assertThat(Files.readAllBytes(file)).isEqualTo(content);
    }

    @Test
    void aDeviceThatIsNotThereIsNamed() {
        Path gone = directory.resolve("gone");
        assertThatThrownBy(() -> new LinuxMedia().discarding(gone))
                .isInstanceOf(BlockDeviceException.class)
                .hasMessage("cannot open " + gone + ": errno 2");
    }
}
