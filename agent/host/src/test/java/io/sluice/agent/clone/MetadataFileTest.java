package io.sluice.agent.clone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.agent.api.MigrationId;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** 2000 regions are three pages; the file is two headers and two slots for each page, 4096 bytes each. */
class MetadataFileTest {
    private static final CloneBinding BINDING = new CloneBinding(new MigrationId("m-7"), 9, "vol-7");
    private static final RegionLayout LAYOUT = new RegionLayout(2000L << 16, 1 << 16);
    private static final byte COPIED = RegionState.COPIED.code();

    @TempDir
    Path directory;

    private Path path;

    @BeforeEach
    void create() {
        path = directory.resolve("m.clone");
        FileMedium.create(path, medium -> MetadataFile.format(medium, BINDING, LAYOUT, 4096));
    }

    @Test
    void remembersWhatItIsBoundToAndEveryRegion() {
        try (MetadataFile file = open()) {
            file.set(0, COPIED, 11);
            file.set(799, RegionState.WRITTEN.code(), 0);
            file.set(800, RegionState.HOLE.code(), 0);
            file.set(1999, COPIED, 22);
            file.store(List.of(0, 1, 2));
            file.markHolesMarked();
        }
        try (MetadataFile file = open()) {
            assertThat(file.header().binding()).isEqualTo(BINDING);
            assertThat(file.header().layout()).isEqualTo(LAYOUT);
            assertThat(file.header().blockBytes()).isEqualTo(4096);
            assertThat(file.header().holesMarked()).isTrue();
            assertThat(file.code(0)).isEqualTo(COPIED);
            assertThat(file.checksum(0)).isEqualTo(11);
            assertThat(file.code(1)).isZero();
            assertThat(file.code(799)).isEqualTo(RegionState.WRITTEN.code());
            assertThat(file.code(800)).isEqualTo(RegionState.HOLE.code());
            assertThat(file.checksum(1999)).isEqualTo(22);
        }
    }

    @Test
    void aTornPageLeavesTheOlderOneWhichClaimsLess() throws IOException {
        try (MetadataFile file = open()) {
            file.set(5, COPIED, 1);
            file.store(List.of(0));
            file.set(6, COPIED, 2);
            file.store(List.of(0));
        }
        tear(newestSlotOfPageZero());
        try (MetadataFile file = open()) {
            assertThat(file.code(5)).isEqualTo(COPIED);
            assertThat(file.code(6)).isZero();
        }
    }

    @Test
    void aTornHeaderLeavesTheOlderOne() throws IOException {
        try (MetadataFile file = open()) {
            file.markHolesMarked();
        }
        tear(0);
        try (MetadataFile file = open()) {
            assertThat(file.header().holesMarked()).isFalse();
        }
    }

    @Test
    void aPageWithoutAValidSlotIsDamageNotAnEmptyPage() throws IOException {
        tear(2 * 4096);
        tear(3 * 4096);
        assertThatThrownBy(this::open)
                .isInstanceOf(CloneMetadataException.class)
                .hasMessageContaining("page 0 has no valid copy");
    }

    @Test
    void aFileWithoutAValidHeaderIsDamageNotANewFile() throws IOException {
        tear(0);
        tear(4096);
        assertThatThrownBy(this::open).hasMessageContaining("no valid header");
        Files.write(path, new byte[0]);
        assertThatThrownBy(this::open).hasMessageContaining("no valid header");
    }

    @Test
    void pagesOfAnotherFileAreNotTaken() throws IOException {
        byte[] first = Files.readAllBytes(path);
        FileMedium.create(path, medium -> MetadataFile.format(medium, BINDING, LAYOUT, 4096));
        byte[] second = Files.readAllBytes(path);
        System.arraycopy(first, 2 * 4096, second, 2 * 4096, second.length - 2 * 4096);
        Files.write(path, second);
        assertThatThrownBy(this::open).hasMessageContaining("page 0 has no valid copy");
    }

    private MetadataFile open() {
        return MetadataFile.open(FileMedium.open(path));
    }

    private long newestSlotOfPageZero() throws IOException {
        byte[] bytes = Files.readAllBytes(path);
        int first = 2 * 4096;
        int second = 3 * 4096;
        return bytes[first + 15] > bytes[second + 15] ? first : second;
    }

    /** As if the second half of the block had never reached the disk. */
    private void tear(long offset) throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
            file.seek(offset + 2048);
            byte[] garbage = new byte[2048];
            java.util.Arrays.fill(garbage, (byte) 0x5a);
            file.write(garbage);
        }
    }
}
