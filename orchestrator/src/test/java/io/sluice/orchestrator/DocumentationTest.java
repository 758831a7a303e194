package io.sluice.orchestrator;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.orchestrator.reason.ReasonCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** What an operator may be shown must be in the book. */
class DocumentationTest {
    @Test
    void theOperationsGuideExplainsEveryReason() throws IOException {
        String guide = Files.readString(Path.of("../docs/operations.md"));

        assertThat(ReasonCode.values()).allSatisfy(code -> assertThat(guide).contains("`" + code.name() + "`"));
    }
}
