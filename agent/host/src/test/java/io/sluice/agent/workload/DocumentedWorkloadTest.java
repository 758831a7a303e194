package io.sluice.agent.workload;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.agent.api.WorkloadDefinition;
import io.sluice.agent.document.Documents;
import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** The example that operators copy. */
class DocumentedWorkloadTest {
    private static final Path EXAMPLE = Path.of("../../deploy/agent/workload.yaml");

    @Test
    void theExampleIsTakenAsItStands() {
        WorkloadDefinition definition =
                Documents.read(EXAMPLE, Declaration.class).check(EXAMPLE);

        assertThat(definition.volumes()).hasSize(2);
        assertThat(definition.programs()).isNotNull();
        assertThat(definition.stopGraceSeconds()).isEqualTo(120);
    }

    @Test
    void theExampleNamesEveryKey() throws IOException {
        String text = Files.readString(EXAMPLE);

        assertThat(Arrays.stream(Declaration.class.getRecordComponents()).map(RecordComponent::getName))
                .allSatisfy(key -> assertThat(text).containsPattern("(?m)^(#   )?" + key + ":"));
        assertThat(Arrays.stream(Declaration.Programs.class.getRecordComponents())
                        .map(RecordComponent::getName))
                .allSatisfy(key -> assertThat(text).containsPattern("(?m)^  " + key + ":"));
    }
}
