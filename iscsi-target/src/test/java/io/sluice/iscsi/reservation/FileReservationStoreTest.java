package io.sluice.iscsi.reservation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileReservationStoreTest {
    @TempDir
    private Path directory;

    @Test
    void whatWasSavedLastIsThereAfterARestart() throws Exception {
        FileReservationStore store = FileReservationStore.in(directory.resolve("state"));
        assertThat(store.keeps()).isTrue();
        assertThat(store.load("a/../b")).isNull();
        store.save("a/../b", "one");
        store.save("a/../b", "two");
        store.save("other", "three");
        FileReservationStore again = FileReservationStore.in(directory.resolve("state"));
        assertThat(again.load("a/../b")).isEqualTo("two");
        assertThat(again.load("other")).isEqualTo("three");
        try (var files = Files.list(directory.resolve("state"))) {
            assertThat(files).as("nothing half done is left").hasSize(2);
        }
    }

    @Test
    void aPlaceThatCannotBeWrittenIsNamed() throws Exception {
        Path file = Files.createFile(directory.resolve("file"));
        assertThatThrownBy(() -> FileReservationStore.in(file.resolve("state")))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining(file.toString());
    }
}
