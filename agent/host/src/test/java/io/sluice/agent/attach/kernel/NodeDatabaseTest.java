package io.sluice.agent.attach.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.agent.api.Portal;
import io.sluice.agent.attach.kernel.AttachmentOrder.Login;
import io.sluice.agent.attach.kernel.AttachmentOrder.Node;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NodeDatabaseTest {
    private static final Portal PORTAL = new Portal("10.0.0.1", 3260);
    private static final String TARGET = "iqn.2026-11.io.sluice:vol.db";
    private static final Node NODE =
            new Node(TARGET, PORTAL, "iqn.2026-11.io.sluice:worker.b", new Login("u", "secret", "mu", "ms"));

    @TempDir
    Path directory;

    private Path leftBehind;
    private Path ofSomebodyElse;

    @BeforeEach
    void aDraftIsLeftOfAnAgentThatDied() throws IOException {
        leftBehind = directory.resolve(".sluice-1f.new");
        ofSomebodyElse = Files.writeString(directory.resolve(".other.new"), "");
    }

    private void dieWhileWriting() throws IOException {
        Files.writeString(leftBehind, NodeRecord.text(NODE));
    }

    @Test
    void aDraftOfAnEarlierRunGoesWhenTheAgentStarts() throws IOException {
        dieWhileWriting();
        new NodeDatabase(directory);
        assertThat(leftBehind).doesNotExist();
        assertThat(ofSomebodyElse).exists();
    }

    @Test
    void aDraftGoesBeforeAnotherRecordIsWritten() throws IOException {
        NodeDatabase nodes = new NodeDatabase(directory);
        dieWhileWriting();
        nodes.write(NODE);
        assertThat(leftBehind).doesNotExist();
        assertThat(directory.resolve(NodeRecord.file(TARGET, PORTAL))).content().contains("secret");
    }

    @Test
    void deletingTakesDraftsAlong() throws IOException {
        NodeDatabase nodes = new NodeDatabase(directory);
        nodes.write(NODE);
        dieWhileWriting();
        nodes.delete(TARGET, PORTAL);
        assertThat(directory).isDirectoryContaining("glob:**.other.new").isDirectoryNotContaining("glob:**sluice*");
    }

    @Test
    void aRecordThatCannotBePutInItsPlaceGoesWithTheNextChange() throws IOException {
        NodeDatabase nodes = new NodeDatabase(directory);
        Path inTheWay = directory.resolve(NodeRecord.file(TARGET, PORTAL));
        Files.createDirectories(inTheWay);
        assertThatThrownBy(() -> nodes.write(NODE)).isInstanceOf(UncheckedIOException.class);
        nodes.delete(TARGET, PORTAL);
        assertThat(directory).isDirectoryNotContaining("glob:**sluice*");
    }

    @Test
    void whereNothingWasEverWrittenThereIsNothingToDelete() {
        NodeDatabase nodes = new NodeDatabase(directory.resolve("absent"));
        nodes.delete(TARGET, PORTAL);
        assertThat(directory.resolve("absent")).doesNotExist();
    }
}
