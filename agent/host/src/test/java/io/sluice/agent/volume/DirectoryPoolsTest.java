package io.sluice.agent.volume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.agent.api.FailureReport;
import io.sluice.agent.api.MigrationId;
import io.sluice.agent.api.PoolName;
import io.sluice.agent.api.VerificationReport;
import io.sluice.agent.api.VolumeId;
import io.sluice.agent.api.VolumeRole;
import io.sluice.agent.reconcile.HostActionException;
import io.sluice.agent.reconcile.NewVolume;
import io.sluice.agent.reconcile.Standing;
import io.sluice.agent.reconcile.VolumeState;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DirectoryPoolsTest {
    private static final PoolName MAIN = new PoolName("main");
    private static final VolumeId V1 = new VolumeId("v1");
    private static final MigrationId M1 = new MigrationId("m1");
    private static final long SIZE = 1 << 20;

    @TempDir
    Path directory;

    private DirectoryPools open() {
        return DirectoryPools.open(List.of(new PoolDirectory(MAIN, directory, 4 * SIZE)));
    }

    private Path discovered() throws IOException {
        Path file = directory.resolve("v1.raw");
        try (RandomAccessFile raw = new RandomAccessFile(file.toFile(), "rw")) {
            raw.setLength(SIZE);
            raw.seek(512 * 1024);
            raw.write(new byte[] {1, 2, 3});
        }
        return file;
    }

    private static NewVolume incoming(VolumeId volume, long size) {
        return new NewVolume(volume, MAIN, size, 4096, M1, 5);
    }

    private static VolumeState only(DirectoryPools pools) {
        List<VolumeState> volumes = pools.observe().volumes();
        assertThat(volumes).hasSize(1);
        return volumes.getFirst();
    }

    @Test
    void aFileWithoutSidecarIsAnOwnedVolumeOfEpochZero() throws IOException {
        discovered();
        VolumeState volume = only(open());

        assertThat(volume.standing()).isEqualTo(Standing.DISCOVERED);
        assertThat(volume.sizeBytes()).isEqualTo(SIZE);
        assertThat(volume.allocatedBytes()).isPositive().isLessThan(SIZE);
        assertThat(volume.writable()).isTrue();
    }

    @Test
    void aFrozenVolumeIsReadOnlyAndStaysSoAfterARestart() throws IOException {
        Path file = discovered();
        DirectoryPools pools = open();
        pools.change(V1, Standing.DISCOVERED.fenced(5).frozen(M1));

        assertThat(Files.getPosixFilePermissions(file).toString()).doesNotContain("WRITE");
        VolumeState again = only(open());
        assertThat(again.role()).isEqualTo(VolumeRole.FROZEN);
        assertThat(again.writable()).isFalse();
        assertThat(again.standing().fence()).isEqualTo(5);
        assertThat(Objects.requireNonNull(open().find(V1)).writable()).isFalse();
    }

    @Test
    void aThawedVolumeIsWritableAgain() throws IOException {
        discovered();
        DirectoryPools pools = open();
        Standing frozen = Standing.DISCOVERED.fenced(5).frozen(M1);
        pools.change(V1, frozen);
        pools.change(V1, frozen.owned());

        assertThat(only(pools).writable()).isTrue();
        assertThat(only(pools).role()).isEqualTo(VolumeRole.OWNED);
    }

    @Test
    void aNewVolumeIsSparseReadsZeroAndIsThereAfterARestart() throws IOException {
        open().create(incoming(V1, SIZE));
        VolumeState volume = only(open());

        assertThat(volume.standing()).isEqualTo(Standing.incoming(M1, 5));
        assertThat(volume.blockBytes()).isEqualTo(4096);
        assertThat(Files.readAllBytes(directory.resolve("v1.raw")))
                .containsOnly(0)
                .hasSize((int) SIZE);
    }

    @Test
    void creationThatWasInterruptedIsFinished() throws IOException {
        open().create(incoming(V1, SIZE));
        try (RandomAccessFile raw =
                new RandomAccessFile(directory.resolve("v1.raw").toFile(), "rw")) {
            raw.setLength(0);
        }
        DirectoryPools pools = open();
        assertThat(pools.observe().volumes()).isEmpty();
        assertThat(pools.observe().problems()).isEmpty();
        pools.create(incoming(V1, SIZE));

        assertThat(only(pools).sizeBytes()).isEqualTo(SIZE);
    }

    @Test
    void aFileThatCameMeanwhileIsNotOverwritten() throws IOException {
        DirectoryPools pools = open();
        Path file = discovered();
        byte[] before = Files.readAllBytes(file);

        assertThatThrownBy(() -> pools.create(incoming(V1, SIZE)))
                .isInstanceOfSatisfying(
                        HostActionException.class, e -> assertThat(e.code()).isEqualTo("VOLUME_EXISTS"));
        assertThat(Files.readAllBytes(file)).isEqualTo(before);
    }

    @Test
    void roomIsWhatIsNotCommittedWhetherAllocatedOrNot() {
        DirectoryPools pools = open();
        pools.create(incoming(V1, 3 * SIZE));

        assertThatThrownBy(() -> pools.create(incoming(new VolumeId("v2"), 2 * SIZE)))
                .isInstanceOfSatisfying(
                        HostActionException.class, e -> assertThat(e.code()).isEqualTo("POOL_FULL"));
        assertThat(pools.observe().pools().getFirst().committedBytes()).isEqualTo(3 * SIZE);
    }

    @Test
    void aRetiredCopyMakesWayForANewerOneAndIsDeletedAlone() throws IOException {
        discovered();
        DirectoryPools pools = open();
        pools.change(V1, Standing.DISCOVERED.retired(M1, Instant.EPOCH));
        pools.create(incoming(V1, SIZE));
        assertThat(open().observe().volumes()).hasSize(2);

        pools.delete(V1, 0);

        assertThat(only(pools).role()).isEqualTo(VolumeRole.INCOMING);
        assertThat(only(open()).role()).isEqualTo(VolumeRole.INCOMING);
    }

    @Test
    void anOwnedOrFrozenVolumeIsNeverDeleted() throws IOException {
        Path file = discovered();
        DirectoryPools pools = open();
        assertThatThrownBy(() -> pools.delete(V1, 0)).isInstanceOf(HostActionException.class);
        pools.change(V1, Standing.DISCOVERED.frozen(M1));
        assertThatThrownBy(() -> pools.delete(V1, 0)).isInstanceOf(HostActionException.class);

        assertThat(file).exists();
    }

    @Test
    void retirementThatWasInterruptedAtAnyPointIsFinishedWhenRepeated() throws IOException {
        discovered();
        DirectoryPools first = open();
        Standing frozen = Standing.DISCOVERED.fenced(5).frozen(M1);
        first.change(V1, frozen);
        Files.writeString(directory.resolve("v1@0.json"), "{}");
        DirectoryPools again = open();
        assertThat(only(again).role()).isEqualTo(VolumeRole.FROZEN);
        again.change(V1, frozen.retired(M1, Instant.EPOCH));

        assertThat(only(open()).role()).isEqualTo(VolumeRole.RETIRED);
        assertThat(directory.resolve("v1.raw")).doesNotExist();
    }

    @Test
    void aDirectoryThatIsAwayHidesItsCopiesAndGivesThemBack() throws IOException {
        Path pool = directory.resolve("pool");
        DirectoryPools pools = DirectoryPools.open(List.of(new PoolDirectory(MAIN, pool, 4 * SIZE)));
        pools.create(incoming(V1, SIZE));
        pools.change(V1, Standing.incoming(M1, 5).retired(M1, Instant.EPOCH));
        assertThat(pools.observe().allCopiesSeen()).isTrue();

        Files.move(pool, directory.resolve("elsewhere"));
        assertThat(pools.observe().allCopiesSeen())
                .as("before it is looked for")
                .isFalse();
        pools.refresh();
        assertThat(pools.observe().volumes()).isEmpty();
        assertThat(pools.observe().allCopiesSeen()).isFalse();
        assertThat(pools.observe().problems())
                .singleElement()
                .satisfies(problem -> assertThat(problem.code()).isEqualTo("POOL_UNREADABLE"));
        pools.delete(V1, 5);

        Files.move(directory.resolve("elsewhere"), pool);
        pools.refresh();
        assertThat(only(pools).role()).isEqualTo(VolumeRole.RETIRED);
        assertThat(pools.observe().allCopiesSeen()).isTrue();
        pools.delete(V1, 5);
        assertThat(pools.observe().volumes()).isEmpty();
        assertThat(pools.observe().allCopiesSeen()).isTrue();
    }

    @Test
    void aCopyThatHasBecomeWholeIsCountedBeforeItIsLookedForAgain() throws IOException {
        DirectoryPools pools = open();
        pools.create(incoming(V1, SIZE));
        Standing incoming = only(pools).standing();
        assertThat(only(pools).allocatedBytes()).isNull();
        try (RandomAccessFile raw =
                new RandomAccessFile(directory.resolve("v1.raw").toFile(), "rw")) {
            raw.write(new byte[] {1, 2, 3});
        }

        pools.change(V1, incoming.owned().settled(new VerificationReport(1, 0, 0, 0)));

        assertThat(only(pools).allocatedBytes()).isNotNull().isPositive().isLessThan(SIZE);
    }

    @Test
    void aFileThatSomebodyTookAwayIsNotMissed() throws IOException {
        Path file = discovered();
        DirectoryPools pools = open();
        Files.delete(file);
        pools.refresh();

        assertThat(pools.observe().volumes()).isEmpty();
        assertThat(pools.observe().allCopiesSeen()).isTrue();
    }

    @Test
    void whatIsNoVolumeIsNamedAndLeftAlone() throws IOException {
        Files.write(directory.resolve("odd.raw"), new byte[100]);
        Files.write(directory.resolve("Bad Name.raw"), new byte[512]);
        Files.write(directory.resolve("torn.raw"), new byte[512]);
        Files.writeString(directory.resolve("torn.json"), "{\"blockBytes\":");
        DirectoryPools pools = open();

        assertThat(pools.observe().volumes()).isEmpty();
        assertThat(pools.observe().problems())
                .extracting(FailureReport::code)
                .containsExactlyInAnyOrder("VOLUME_SIZE_ODD", "VOLUME_NAME_BAD", "SIDECAR_UNREADABLE");
        assertThat(pools.observe().allCopiesSeen())
                .as("the torn one may be any")
                .isFalse();
    }
}
