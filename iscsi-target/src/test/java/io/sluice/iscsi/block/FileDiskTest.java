package io.sluice.iscsi.block;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileDiskTest extends BlockDeviceContract {
    @TempDir
    private Path directory;

    @Override
    protected BlockDevice device() {
        FileDisk.create(file(), SIZE);
        return FileDisk.open(file(), 512, false);
    }

    /** A file system of one megabyte, in a mount name space of its own: where the system lets a user have one. */
    @Test
    void aWriteThatFindsNoRoomSaysSo() throws Exception {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        String script = "mount -t tmpfs -o size=1m none \"$0\" && exec \"$@\"";
        List<String> command = List.of(
                "unshare",
                "--user",
                "--map-root-user",
                "--mount",
                "sh",
                "-c",
                script,
                directory.toString(),
                java,
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                FullFileSystem.class.getName(),
                directory.toString());
        assumeThat(new ProcessBuilder("unshare", "--user", "--map-root-user", "--mount", "true")
                        .start()
                        .waitFor())
                .isZero();
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(output).contains(FullFileSystem.AS_EXPECTED);
    }

    @Test
    void isMadeSparseForItsOwnerAloneWithTheExactSize() throws IOException {
        FileDisk.create(file(), SIZE);
        assertThat(Files.size(file())).isEqualTo(SIZE);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file())))
                .isEqualTo("rw-------");
        assertThat(allocatedBytes()).isZero();
    }

    @Test
    void isNotMadeOverAFileThatExists() throws IOException {
        Files.writeString(file(), "precious");
        assertThatThrownBy(() -> FileDisk.create(file(), SIZE))
                .isInstanceOf(BlockDeviceException.class)
                .hasMessageContaining("exists");
        assertThat(file()).hasContent("precious");
    }

    @Test
    void tellsTheHolesOfTheFile() {
        try (BlockDevice disk = device()) {
            write(disk, 1 << 20, random(1 << 20, 1));
            disk.flush();
            assertThat(extents(disk))
                    .containsExactly(
                            new Extent(0, 1 << 20, false),
                            new Extent(1 << 20, 1 << 20, true),
                            new Extent(2 << 20, SIZE - (2 << 20), false));
        }
    }

    @Test
    void unmappingGivesTheSpaceBack() throws IOException {
        try (BlockDevice disk = device()) {
            write(disk, 0, random(2 << 20, 2));
            disk.flush();
            long before = allocatedBytes();
            disk.unmap(0, 1 << 20);
            disk.flush();
            assertThat(allocatedBytes()).isLessThanOrEqualTo(before - (1 << 20));
            assertThat(Files.size(file())).isEqualTo(SIZE);
            assertThat(disk.extentAt(0)).isEqualTo(new Extent(0, 1 << 20, false));
        }
    }

    @Test
    void aReadOnlyDiskReadsAndRefusesToChange() {
        try (BlockDevice disk = device()) {
            write(disk, 0, random(4096, 3));
        }
        try (FileDisk disk = FileDisk.open(file(), 512, true)) {
            assertThat(disk.readOnly()).isTrue();
            assertThat(read(disk, 0, 4096)).isEqualTo(random(4096, 3));
            disk.flush();
            assertThatThrownBy(() -> write(disk, 0, new byte[512])).isInstanceOf(BlockDeviceException.class);
            assertThatThrownBy(() -> disk.unmap(0, 512)).isInstanceOf(BlockDeviceException.class);
        }
    }

    @Test
    void survivesThatItsFileIsRenamedWhileAReaderIsInterrupted() throws IOException {
        try (BlockDevice disk = device()) {
            byte[] content = random(4096, 4);
            write(disk, 0, content);
            Files.move(file(), directory.resolve("renamed"));
            Files.writeString(file(), "another file under the old name");
            Thread.currentThread().interrupt();
            assertThat(read(disk, 0, 4096)).isEqualTo(content);
            assertThat(Thread.interrupted()).isTrue();
            assertThat(read(disk, 0, 4096)).isEqualTo(content);
        }
    }

    @Test
    void aFileOfOddSizeOrKindIsRefusedWithAReason() throws IOException {
        Files.write(file(), new byte[1000]);
        assertThatThrownBy(() -> FileDisk.open(file(), 512, false))
                .isInstanceOf(BlockDeviceException.class)
                .hasMessageContaining("multiple of the block size");
        assertThatThrownBy(() -> FileDisk.open(directory, 512, true))
                .isInstanceOf(BlockDeviceException.class)
                .hasMessageContaining("neither a regular file nor a block device");
        assertThatThrownBy(() -> FileDisk.open(directory.resolve("absent"), 512, true))
                .isInstanceOf(BlockDeviceException.class)
                .hasMessageContaining("absent");
    }

    @Test
    void leavesNoDescriptorOpen() throws IOException {
        device().close();
        long before = descriptorsOfTheFile();
        for (int i = 0; i < 50; i++) {
            try (FileDisk disk = FileDisk.open(file(), 512, false)) {
                Thread.currentThread().interrupt();
                read(disk, 0, 512);
                assertThat(Thread.interrupted()).isTrue();
            }
            Path odd = Files.write(directory.resolve("odd" + i), new byte[1]);
            assertThatThrownBy(() -> FileDisk.open(odd, 512, true)).isInstanceOf(BlockDeviceException.class);
        }
        assertThat(descriptorsOfTheFile()).isEqualTo(before).isZero();
    }

    private long descriptorsOfTheFile() throws IOException {
        try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
            return descriptors.filter(this::isUnderTest).count();
        }
    }

    private boolean isUnderTest(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).startsWith(directory);
        } catch (IOException goneMeanwhile) {
            return false;
        }
    }

    private long allocatedBytes() throws IOException {
        Process process = new ProcessBuilder("stat", "-c", "%b", file().toString()).start();
        return Long.parseLong(new String(process.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).strip())
                * 512;
    }

    private Path file() {
        return directory.resolve("disk");
    }

    @Test
    void forgetsWhatIsCachedAfterPuttingItOnStableStorage() throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/fincore")), "fincore is not installed (Debian: util-linux)");
        Path path = directory.resolve("cached");
        FileDisk.create(path, 1 << 20);
        try (FileDisk disk = FileDisk.open(path, 512, false)) {
            byte[] content = new byte[1 << 20];
            new Random(3).nextBytes(content);
            disk.write(0, ByteBuffer.wrap(content));
            assertThat(cachedBytes(path)).isEqualTo(1 << 20);
            disk.forgetCached();
            assertThat(cachedBytes(path)).isZero();
            ByteBuffer back = ByteBuffer.allocate(1 << 20);
            disk.read(0, back);
            assertThat(back.array()).isEqualTo(content);
        }
    }

    private static long cachedBytes(Path file) throws Exception {
        Process fincore =
                new ProcessBuilder("fincore", "--bytes", "--noheadings", "--output", "RES", file.toString()).start();
        return Long.parseLong(new String(fincore.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).strip());
    }
}
