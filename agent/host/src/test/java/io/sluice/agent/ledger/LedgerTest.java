package io.sluice.agent.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.agent.api.HostSpec;
import io.sluice.agent.api.WorkerId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LedgerTest {
    private static final HostSpec SPEC = new HostSpec(new WorkerId("a"), 7, List.of(), List.of());

    @TempDir
    Path directory;

    @Test
    void theSpecAndTheCountOfStartsSurviveARestart() {
        try (Ledger first = Ledger.open(directory)) {
            assertThat(first.read()).isNull();
            assertThat(first.incarnation()).isEqualTo(1);
            first.write(SPEC);
        }
        try (Ledger second = Ledger.open(directory)) {
            assertThat(second.read()).isEqualTo(SPEC);
            assertThat(second.incarnation()).isEqualTo(2);
        }
    }

    @Test
    void onlyItsOwnerMayReadTheSpec() throws IOException {
        try (Ledger ledger = Ledger.open(directory)) {
            ledger.write(SPEC);
        }
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.resolve("spec.json"))))
                .isEqualTo("rw-------");
    }

    @Test
    void aWriteThatWasCutShortLeavesTheOldSpec() throws IOException {
        try (Ledger ledger = Ledger.open(directory)) {
            ledger.write(SPEC);
        }
        Files.writeString(directory.resolve("spec.json.tmp"), "{\"worker\":\"a\",\"gener");
        try (Ledger ledger = Ledger.open(directory)) {
            assertThat(ledger.read()).isEqualTo(SPEC);
            ledger.write(new HostSpec(new WorkerId("a"), 8, List.of(), List.of()));
            assertThat(ledger.read()).extracting("generation").isEqualTo(8L);
        }
    }

    @Test
    void aSpecThatCannotBeReadIsNotTakenForNone() throws IOException {
        Files.writeString(directory.resolve("spec.json"), "");
        try (Ledger ledger = Ledger.open(directory)) {
            assertThatThrownBy(ledger::read)
                    .isInstanceOf(LedgerException.class)
                    .hasMessageContaining("spec.json")
                    .hasMessageContaining("do not delete it");
        }
    }

    @Test
    void aSecondAgentIsKeptOut() {
        try (Ledger first = Ledger.open(directory)) {
            assertThatThrownBy(() -> Ledger.open(first.directory()))
                    .isInstanceOf(LedgerException.class)
                    .hasMessageContaining("in use by another agent");
        }
    }
}
