package io.sluice.agent.volume.lvm;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.agent.api.FailureKind;
import io.sluice.agent.api.FailureReport;
import io.sluice.agent.api.PoolName;
import io.sluice.agent.api.PoolReport;
import io.sluice.agent.api.VolumeId;
import io.sluice.agent.reconcile.NewVolume;
import io.sluice.agent.reconcile.Standing;
import io.sluice.agent.reconcile.VolumeState;
import io.sluice.agent.volume.VolumeFiles.VolumeFile;
import io.sluice.iscsi.block.AllocationMap;
import io.sluice.iscsi.block.Extent;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** What is found, made and told. */
class LvmPoolsTest extends LvmRig {
    private static final String DUMP = """
            <superblock uuid="" time="0" transaction="1" flags="0" version="2" data_block_size="128" nr_data_blocks="0">
              <device dev_id="7" mapped_blocks="4" transaction="0" creation_time="0" snap_time="0">
                <range_mapping origin_begin="5" data_begin="0" length="3" time="0"/>
                <single_mapping origin_block="9" data_block="3" time="0"/>
              </device>
            </superblock>
            """;

    @Test
    void aTaggedVolumeIsOwnedAndAnUntaggedOneIsNobodysAffair() {
        lvm.withThinPool(16 * FakeLvm.EXTENT);
        lvm.with("v1", "pool", SIZE, "sluice");
        lvm.with("root", "", SIZE);
        lvm.with("scratch", "pool", SIZE);
        VolumeState volume = only(open());

        assertThat(volume.standing()).isEqualTo(Standing.DISCOVERED);
        assertThat(volume.pool()).isEqualTo(THIN);
        assertThat(volume.sizeBytes()).isEqualTo(SIZE);
        assertThat(volume.allocatedBytes()).isEqualTo(SIZE / 4);
        assertThat(volume.blockBytes()).isEqualTo(512);
        assertThat(volume.writable()).isTrue();
    }

    @Test
    void whatKeepsACloneTogetherIsNoVolumeButTakesSpace() {
        LvmPools pools = openThin();
        lvm.with("sluice-v1.meta", "", FakeLvm.EXTENT, "sluice");
        lvm.with("sluice-v1.era", "", FakeLvm.EXTENT, "sluice");
        lvm.with("other", "", FakeLvm.EXTENT, "sluice", "sluice.metadata");
        pools.refresh();

        assertThat(pools.observe().volumes()).isEmpty();
        assertThat(pools.observe().pools())
                .filteredOn(pool -> pool.name().equals(PLAIN))
                .singleElement()
                .satisfies(pool -> assertThat(pool.committedBytes()).isEqualTo(19 * FakeLvm.EXTENT));
    }

    @Test
    void observingRunsNothing() {
        LvmPools pools = openThin();
        pools.create(incoming(THIN, SIZE));
        lvm.commands.forget();
        pools.observe();

        assertThat(lvm.commands.ran()).isEmpty();
    }

    @Test
    void aThinVolumeIsMadeExactlyItsStandingWithIt() {
        LvmPools pools = openThin();
        pools.create(incoming(THIN, SIZE));
        VolumeState made = only(pools);

        assertThat(made.sizeBytes()).isEqualTo(SIZE);
        assertThat(made.standing()).isEqualTo(Standing.incoming(M1, 5));
        assertThat(made.allocatedBytes()).isZero();
        assertThat(lvm.zeroed).isEmpty();
        assertThat(Objects.requireNonNull(pools.find(V1)))
                .isEqualTo(new VolumeFile(Path.of("/dev/vg0/v1"), SIZE, 512, true, 65536));
        assertThat(pools.volumeGroup(V1)).isEqualTo("vg0");
        pools.create(incoming(THIN, SIZE));
        assertThat(only(pools)).isEqualTo(made);
    }

    @Test
    void aPlainVolumeIsNoVolumeUntilItReadsZero() {
        LvmPools pools = open();
        lvm.whileZeroing = () -> {
            pools.refresh();
            assertThat(pools.observe().volumes()).isEmpty();
            assertThat(pools.observe().problems())
                    .filteredOn(p -> p.code().equals("VOLUME_BEING_ZEROED"))
                    .singleElement()
                    .satisfies(problem -> assertThat(problem.migration()).isEqualTo(M1))
                    .satisfies(problem -> assertThat(problem.message()).contains("25 %"));
        };
        pools.create(incoming(PLAIN, SIZE));

        assertThat(lvm.zeroed).containsExactly("/dev/vg0/v1");
        assertThat(only(pools).standing()).isEqualTo(Standing.incoming(M1, 5));
        assertThat(only(pools).allocatedBytes()).isEqualTo(SIZE);
        assertThat(pools.observe().problems()).noneMatch(p -> p.code().equals("VOLUME_BEING_ZEROED"));
    }

    @Test
    void whatAnAgentThatIsGoneWasZeroingIsTakenAway() {
        lvm.with("v1", "", SIZE, "sluice", "sluice.unfinished");
        LvmPools pools = open();

        assertThat(pools.observe().volumes()).isEmpty();
        assertThat(lvm.volumes).isEmpty();
    }

    @Test
    void aSizeThatExtentsCannotGiveIsRefused() {
        LvmPools pools = openThin();

        for (PoolName pool : List.of(THIN, PLAIN)) {
            assertRefused(() -> pools.create(incoming(pool, SIZE + 512)), "VOLUME_SIZE_INEXACT", FailureKind.ABORT);
        }
    }

    @Test
    void aPoolWithoutRoomRefuses() {
        FakeLvm.Row pool = lvm.withThinPool(16 * FakeLvm.EXTENT);
        lvm.with("others", "pool", 14 * FakeLvm.EXTENT);
        LvmPools pools = open();

        assertRefused(() -> pools.create(incoming(THIN, SIZE)), "POOL_FULL", FailureKind.CAPACITY);
        assertRefused(() -> pools.create(incoming(PLAIN, 49 * FakeLvm.EXTENT)), "POOL_FULL", FailureKind.CAPACITY);
        lvm.volumes.remove("others");
        pool.dataPercent = "95.10";
        assertRefused(() -> pools.create(incoming(THIN, SIZE)), "POOL_FULL", FailureKind.CAPACITY);
        pool.dataPercent = "10.00";
        pool.metadataPercent = "90.00";
        assertRefused(() -> pools.create(incoming(THIN, SIZE)), "POOL_FULL", FailureKind.CAPACITY);
        pools.refresh();
        assertThat(pools.observe().problems()).extracting(FailureReport::code).containsExactly("POOL_OVERFULL");
    }

    @Test
    void aThinPoolThatGivesOutOldContentIsRefused() {
        lvm.withThinPool(16 * FakeLvm.EXTENT).zero = "";
        LvmPools pools = open();

        assertRefused(() -> pools.create(incoming(THIN, SIZE)), "POOL_NOT_ZEROING", FailureKind.OPERATOR);
    }

    @Test
    void aNameThatIsTakenOrReservedIsRefused() {
        LvmPools pools = openThin();
        lvm.with("v1", "", SIZE);
        NewVolume reserved = new NewVolume(new VolumeId("snapshot-1"), THIN, SIZE, 512, M1, 5);

        assertRefused(() -> pools.create(incoming(THIN, SIZE)), "VOLUME_EXISTS", FailureKind.OPERATOR);
        assertRefused(() -> pools.create(reserved), "VOLUME_NAME_RESERVED", FailureKind.ABORT);
    }

    @Test
    void sectorsLargerThanTheVolumesBlocksAreRefused() {
        lvm.sectorBytes = 4096;
        LvmPools pools = openThin();

        assertRefused(() -> pools.create(incoming(THIN, SIZE)), "BLOCK_SIZE_UNSUPPORTED", FailureKind.ABORT);
    }

    @Test
    void poolsTellWhatTheyHoldAndHaveLeft() {
        lvm.withThinPool(16 * FakeLvm.EXTENT).dataPercent = "25.00";
        lvm.with("v1", "pool", SIZE, "sluice");
        lvm.with("root", "", SIZE);

        assertThat(open().observe().pools())
                .containsExactly(
                        new PoolReport(
                                THIN, "lvm-thin", 16 * FakeLvm.EXTENT, SIZE, 12 * FakeLvm.EXTENT, FakeLvm.EXTENT),
                        new PoolReport(
                                PLAIN,
                                "lvm",
                                64 * FakeLvm.EXTENT,
                                20 * FakeLvm.EXTENT,
                                44 * FakeLvm.EXTENT,
                                FakeLvm.EXTENT));
    }

    @Test
    void volumesAreActivatedAfterAReboot() {
        lvm.withThinPool(16 * FakeLvm.EXTENT);
        lvm.with("v1", "pool", SIZE, "sluice").active = false;

        assertThat(only(open()).blockBytes()).isEqualTo(512);
    }

    @Test
    void aGroupThatCannotBeLookedAtIsNamedAndWhatIsKnownStays() {
        lvm.withThinPool(16 * FakeLvm.EXTENT);
        lvm.with("v1", "pool", SIZE, "sluice");
        LvmPools pools = open();
        lvm.commands.fails("lvs", 5, "cannot lock");
        pools.refresh();

        assertThat(only(pools).volume()).isEqualTo(V1);
        assertThat(pools.observe().problems()).extracting(FailureReport::code).containsExactly("POOL_UNREADABLE");
        assertThat(pools.observe().allCopiesSeen()).as("it is still known").isTrue();
    }

    @Test
    void aGroupThatWasNeverLookedAtMayHoldAnyCopy() {
        lvm.withThinPool(16 * FakeLvm.EXTENT);
        lvm.with("v1", "pool", SIZE, "sluice");
        lvm.commands.fails("lvs", 5, "cannot lock");
        LvmPools pools = open();

        assertThat(pools.observe().volumes()).isEmpty();
        assertThat(pools.observe().allCopiesSeen()).isFalse();
        lvm.answersAgain();
        pools.refresh();
        assertThat(only(pools).volume()).isEqualTo(V1);
        assertThat(pools.observe().allCopiesSeen()).isTrue();
    }

    @Test
    void aMissingThinPoolIsNamed() {
        LvmPools pools = open();
        assertThat(pools.observe().allCopiesSeen()).isFalse();

        assertThat(pools.observe().problems()).extracting(FailureReport::code).containsExactly("POOL_MISSING");
        assertRefused(() -> pools.create(incoming(THIN, SIZE)), "POOL_MISSING", FailureKind.OPERATOR);
    }

    @Test
    void aThinVolumeTellsItsHoles() {
        lvm.withThinPool(16 * FakeLvm.EXTENT);
        lvm.with("v1", "pool", SIZE, "sluice");
        lvm.dumps(DUMP);
        LvmPools pools = open();
        lvm.commands.forget();
        AllocationMap map = Objects.requireNonNull(pools.allocation(V1));

        assertThat(map.extentAt(0, SIZE)).isEqualTo(new Extent(0, 5 * 65536, false));
        assertThat(map.extentAt(5 * 65536, SIZE)).isEqualTo(new Extent(5 * 65536, 3 * 65536, true));
        assertThat(map.allocatedBytes()).isEqualTo(4 * 65536);
        assertThat(lvm.commands.lines())
                .containsExactly(
                        "dmsetup table vg0-v1",
                        "dmsetup message vg0-pool-tpool 0 reserve_metadata_snap",
                        "thin_dump --metadata-snap --dev-id 7 /dev/mapper/vg0-pool_tmeta",
                        "dmsetup message vg0-pool-tpool 0 release_metadata_snap");
        assertThat(scratch).isEmptyDirectory();
    }

    @Test
    void whatIsReadThroughToAnExternalOriginIsNoHole() {
        lvm.withThinPool(16 * FakeLvm.EXTENT);
        lvm.with("golden", "", SIZE).role = "public,origin,extthinorigin";
        lvm.with("v1", "pool", SIZE, "sluice").origin = "golden";
        lvm.dumps(DUMP);
        LvmPools pools = open();

        assertThat(only(pools).allocatedBytes())
                .as("the golden image counts too")
                .isNull();
        assertThat(pools.allocation(V1)).isNull();
    }

    @Test
    void whatASnapshotReadsThroughItsOriginIsNoHoleEither() {
        lvm.withThinPool(16 * FakeLvm.EXTENT);
        lvm.with("golden", "", SIZE).role = "public,origin,extthinorigin";
        lvm.with("before", "pool", SIZE).origin = "golden";
        lvm.with("v1", "pool", SIZE, "sluice").origin = "before";
        lvm.dumps(DUMP);

        assertThat(only(open()).allocatedBytes()).isNull();
        assertThat(open().allocation(V1)).isNull();
    }

    @Test
    void aThinVolumeThatOthersOfItsPoolReadThroughToIsTakenForNoSnapshotsOrigin() {
        lvm.withThinPool(16 * FakeLvm.EXTENT);
        lvm.with("golden", "pool", SIZE).role = "public,origin,extthinorigin";
        lvm.with("v1", "pool", SIZE, "sluice").origin = "golden";
        lvm.dumps(DUMP);

        assertThat(open().allocation(V1)).isNull();
    }

    @Test
    void aSnapshotInThePoolHasAllItsMappings() {
        lvm.withThinPool(16 * FakeLvm.EXTENT);
        lvm.with("before", "pool", SIZE).role = "public,origin,thinorigin";
        lvm.with("v1", "pool", SIZE, "sluice").origin = "before";
        lvm.dumps(DUMP);

        assertThat(only(open()).allocatedBytes()).isEqualTo(SIZE / 4);
        assertThat(open().allocation(V1)).isNotNull();
    }

    @Test
    void whatTheKernelHasNowCountsAndNotWhatLvmLastSaid() {
        lvm.withThinPool(16 * FakeLvm.EXTENT);
        FakeLvm.Row volume = lvm.with("v1", "pool", SIZE, "sluice");
        lvm.dumps(DUMP);
        LvmPools pools = open();

        volume.external = "254:9";
        assertThat(pools.allocation(V1)).isNull();
        volume.external = "";
        assertThat(pools.allocation(V1)).isNotNull();
        lvm.commands.prints("dmsetup table", "0 32768 snapshot-origin 254:9\n");
        assertThat(pools.allocation(V1)).isNull();
        lvm.commands.exits("dmsetup table", 1);
        assertThat(pools.allocation(V1)).isNull();
    }

    @Test
    void aCowSnapshotIsNoVolumeForItsSizeIsNotItsDevices() {
        lvm.with("orders", "", 2 * SIZE).role = "public,origin,thickorigin";
        FakeLvm.Row snapshot = lvm.with("v1", "", SIZE, "sluice");
        snapshot.role = "public,snapshot,thicksnapshot";
        snapshot.origin = "orders";
        lvm.withThinPool(16 * FakeLvm.EXTENT);
        LvmPools pools = open();

        assertThat(pools.observe().volumes()).isEmpty();
        assertThat(pools.find(V1)).isNull();
        assertThat(pools.observe().problems())
                .singleElement()
                .satisfies(problem -> assertThat(problem.code()).isEqualTo("VOLUME_IS_SNAPSHOT"))
                .satisfies(problem -> assertThat(problem.message()).contains("vg0/v1", "--deltag sluice"));
        assertThat(pools.observe().allCopiesSeen()).isTrue();
    }

    @Test
    void whereNobodyKnowsTheHolesThereAreNone() {
        lvm.withThinPool(16 * FakeLvm.EXTENT);
        lvm.with("v1", "pool", SIZE, "sluice");
        lvm.dumps("<superblock uuid=\"\" data_block_size=\"128\" nr_data_blocks=\"0\">\n");
        LvmPools pools = open();

        assertThat(pools.allocation(V1)).isNull();
        lvm.commands.exits("thin_dump", 1);
        assertThat(pools.allocation(V1)).isNull();
        lvm.commands.exits("dmsetup message", 1);
        assertThat(pools.allocation(V1)).isNull();
    }
}
