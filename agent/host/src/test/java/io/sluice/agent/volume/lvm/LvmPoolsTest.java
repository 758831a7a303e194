package io.sluice.agent.volume.lvm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import io.sluice.agent.api.FailureKind;
import io.sluice.agent.api.FailureReport;
import io.sluice.agent.api.MigrationId;
import io.sluice.agent.api.PoolName;
import io.sluice.agent.api.PoolReport;
import io.sluice.agent.api.VerificationReport;
import io.sluice.agent.api.VolumeId;
import io.sluice.agent.api.VolumeRole;
import io.sluice.agent.devicemapper.DeviceMapper;
import io.sluice.agent.reconcile.HostActionException;
import io.sluice.agent.reconcile.NewVolume;
import io.sluice.agent.reconcile.Standing;
import io.sluice.agent.reconcile.VolumeState;
import io.sluice.agent.testing.ScriptedCommands;
import io.sluice.agent.volume.PoolGroup;
import io.sluice.agent.volume.VolumeFiles.VolumeFile;
import io.sluice.iscsi.block.AllocationMap;
import io.sluice.iscsi.block.Extent;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LvmPoolsTest {
    private static final PoolName THIN = new PoolName("thin");
    private static final PoolName PLAIN = new PoolName("plain");
    private static final VolumeId V1 = new VolumeId("v1");
    private static final MigrationId M1 = new MigrationId("m1");
    private static final long SIZE = 4 * FakeLvm.EXTENT;
    private static final Instant LATER = Instant.parse("2026-11-27T00:00:00.123456Z");

    @TempDir
    Path scratch;

    private final FakeLvm lvm = new FakeLvm();
    /** When LVM is told what holds already; at once, unless a test says otherwise. */
    private Executor later = Runnable::run;

    private LvmPools open() {
        LvmPools pools = new LvmPools(
                List.of(
                        new PoolGroup(THIN, FakeLvm.GROUP, "pool", null),
                        new PoolGroup(PLAIN, FakeLvm.GROUP, null, null)),
                lvm.commands,
                new DeviceMapper(lvm.commands),
                lvm,
                scratch,
                later);
        pools.refresh();
        return pools;
    }

    private LvmPools openThin() {
        lvm.withThinPool(16 * FakeLvm.EXTENT);
        return open();
    }

    private static NewVolume incoming(PoolName pool, long sizeBytes) {
        return new NewVolume(V1, pool, sizeBytes, 512, M1, 5);
    }

    private static VolumeState only(LvmPools pools) {
        assertThat(pools.observe().volumes()).hasSize(1);
        return pools.observe().volumes().getFirst();
    }

    private static void assertRefused(Runnable action, String code, FailureKind kind) {
        assertThatThrownBy(action::run)
                .asInstanceOf(type(HostActionException.class))
                .satisfies(e -> assertThat(e.code()).isEqualTo(code))
                .satisfies(e -> assertThat(e.kind()).isEqualTo(kind));
    }

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
    void aFrozenVolumeIsFlushedReadOnlyAndStaysSoAfterARestart() {
        lvm.withThinPool(16 * FakeLvm.EXTENT);
        lvm.with("v1", "pool", SIZE, "sluice");
        LvmPools pools = open();
        Standing frozen = Standing.DISCOVERED.fenced(5).frozen(M1);
        pools.change(V1, frozen);

        assertThat(lvm.flushed).containsOnly("/dev/vg0/v1");
        for (LvmPools seen : List.of(pools, open())) {
            assertThat(only(seen).standing()).isEqualTo(frozen);
            assertThat(only(seen).writable()).isFalse();
            assertThat(Objects.requireNonNull(seen.find(V1)).writable()).isFalse();
        }
        pools.change(V1, frozen.owned());
        assertThat(only(open()).writable()).isTrue();
    }

    @Test
    void aStandingAndTheFenceChangeInOneCommand() {
        lvm.withThinPool(16 * FakeLvm.EXTENT);
        lvm.with("v1", "pool", SIZE, "sluice");
        LvmPools pools = open();
        pools.change(V1, Standing.DISCOVERED.fenced(5));
        lvm.commands.forget();
        pools.change(V1, Standing.DISCOVERED.fenced(5).frozen(M1));

        assertThat(lvm.commands.lines())
                .containsExactly("lvchange --permission r --deltag sluice.standing=owned/0/5/-/whole/-/-/512"
                        + " --addtag sluice.standing=frozen/0/5/m1/whole/-/-/512 vg0/v1");
    }

    @Test
    void aRetiredCopyLiesBesideANewerOneOfItsVolumeUntilItIsDeleted() {
        lvm.withThinPool(16 * FakeLvm.EXTENT);
        lvm.with("v1", "pool", SIZE, "sluice");
        LvmPools pools = open();
        pools.change(V1, Standing.DISCOVERED.frozen(M1).retired(M1, LATER));
        pools.create(incoming(THIN, SIZE));

        assertThat(open().observe().volumes())
                .extracting(VolumeState::role)
                .containsExactlyInAnyOrder(VolumeRole.RETIRED, VolumeRole.INCOMING);
        assertThat(Objects.requireNonNull(pools.find(V1)).writable()).isTrue();
        pools.delete(V1, 0);
        pools.delete(V1, 0);
        assertThat(only(pools).standing().epoch()).isEqualTo(5);
        assertThat(lvm.volumes.keySet()).containsExactly("pool", "v1");
    }

    @Test
    void ownedAndFrozenCopiesAreNotDeleted() {
        lvm.withThinPool(16 * FakeLvm.EXTENT);
        lvm.with("v1", "pool", SIZE, "sluice");
        LvmPools pools = open();

        assertRefused(() -> pools.delete(V1, 0), "VOLUME_NOT_DELETABLE", FailureKind.OPERATOR);
        pools.change(V1, Standing.DISCOVERED.frozen(M1));
        assertRefused(() -> pools.delete(V1, 0), "VOLUME_NOT_DELETABLE", FailureKind.OPERATOR);
    }

    @Test
    void everyPartOfAStandingSurvivesARestart() {
        lvm.withThinPool(16 * FakeLvm.EXTENT);
        lvm.with("v1", "pool", SIZE, "sluice");
        Standing full = new Standing(VolumeRole.RETIRED, 7, 9, M1, true, new VerificationReport(1, 2, 3, 4), LATER);
        open().change(V1, full);

        assertThat(only(open()).standing()).isEqualTo(full);
    }

    @Test
    void tagsThatTellNoStandingAreNamedAndTheVolumeIsNotUsed() {
        lvm.withThinPool(16 * FakeLvm.EXTENT);
        lvm.with("v1", "pool", SIZE, "sluice", "sluice.standing=owned/x");
        lvm.with("v2+3", "pool", SIZE, "sluice");
        LvmPools pools = open();

        assertThat(pools.observe().volumes()).isEmpty();
        assertThat(pools.observe().problems())
                .extracting(FailureReport::code)
                .containsExactly("STANDING_UNREADABLE", "STANDING_UNREADABLE");
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
        lvm.dumps("""
                <superblock uuid="" time="0" transaction="1" flags="0" version="2" data_block_size="128" nr_data_blocks="0">
                  <device dev_id="7" mapped_blocks="4" transaction="0" creation_time="0" snap_time="0">
                    <range_mapping origin_begin="5" data_begin="0" length="3" time="0"/>
                    <single_mapping origin_block="9" data_block="3" time="0"/>
                  </device>
                </superblock>
                """);
        LvmPools pools = open();
        lvm.commands.forget();
        AllocationMap map = Objects.requireNonNull(pools.allocation(V1));

        assertThat(map.extentAt(0, SIZE)).isEqualTo(new Extent(0, 5 * 65536, false));
        assertThat(map.extentAt(5 * 65536, SIZE)).isEqualTo(new Extent(5 * 65536, 3 * 65536, true));
        assertThat(map.allocatedBytes()).isEqualTo(4 * 65536);
        assertThat(lvm.commands.lines())
                .containsExactly(
                        "dmsetup message vg0-pool-tpool 0 reserve_metadata_snap",
                        "thin_dump --metadata-snap --dev-id 7 /dev/mapper/vg0-pool_tmeta",
                        "dmsetup message vg0-pool-tpool 0 release_metadata_snap");
        assertThat(scratch).isEmptyDirectory();
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

    @Test
    void aFrozenVolumeIsSoBeforeLvmHasItAndStaysSoThroughARebootInBetween() {
        List<Runnable> untold = new ArrayList<>();
        later = untold::add;
        lvm.withThinPool(16 * FakeLvm.EXTENT);
        lvm.with("v1", "pool", SIZE, "sluice");
        LvmPools pools = open();
        Standing frozen = Standing.DISCOVERED.fenced(5).frozen(M1);
        lvm.commands.forget();
        pools.change(V1, frozen);

        assertThat(lvm.commands.lines()).isEmpty();
        assertThat(only(pools).standing()).isEqualTo(frozen);
        assertThat(only(pools).writable()).isFalse();
        assertThat(lvm.takesWrites("v1")).isFalse();
        lvm.reboot();
        LvmPools again = open();
        assertThat(lvm.takesWrites("v1")).isFalse();
        assertThat(lvm.row("v1").writable).isFalse();
        assertThat(only(again).standing()).isEqualTo(frozen);
        untold.forEach(Runnable::run);
        assertThat(only(open()).standing()).isEqualTo(frozen);
    }

    @Test
    void aVolumeWhoseDeviceCannotBeHeldIsFrozenOnceLvmHasIt() {
        later = task -> {
            throw new AssertionError("it does not hold yet");
        };
        lvm.forbids = false;
        lvm.withThinPool(16 * FakeLvm.EXTENT);
        lvm.with("v1", "pool", SIZE, "sluice");
        LvmPools pools = open();
        pools.change(V1, Standing.DISCOVERED.frozen(M1));

        assertThat(only(pools).writable()).isFalse();
        assertThat(lvm.row("v1").writable).isFalse();
    }

    @Test
    void whatChangesBeforeLvmWasToldGoesOutFromWhatItWasToBeTold() {
        List<Runnable> untold = new ArrayList<>();
        later = untold::add;
        lvm.withThinPool(16 * FakeLvm.EXTENT);
        lvm.with("v1", "pool", SIZE, "sluice");
        LvmPools pools = open();
        Standing frozen = Standing.DISCOVERED.fenced(5).frozen(M1);
        pools.change(V1, frozen);
        pools.change(V1, frozen.owned());

        assertThat(lvm.takesWrites("v1")).isTrue();
        untold.forEach(Runnable::run);
        assertThat(only(pools).standing()).isEqualTo(frozen.owned());
        assertThat(only(open()).standing()).isEqualTo(frozen.owned());
        assertThat(lvm.takesWrites("v1")).isTrue();
    }

    @Test
    void aVolumeIsOwnedBeforeLvmHasIt() {
        List<Runnable> untold = new ArrayList<>();
        later = untold::add;
        LvmPools pools = openThin();
        pools.create(incoming(THIN, SIZE));
        lvm.commands.forget();
        Standing owned = Standing.incoming(M1, 5).owned();
        pools.change(V1, owned);

        assertThat(lvm.commands.lines()).isEmpty();
        assertThat(only(pools).standing()).isEqualTo(owned);
        lvm.commands.fails("lvchange", 5, "cannot lock");
        untold.forEach(Runnable::run);
        assertThat(only(pools).standing()).isEqualTo(owned);
        pools.refresh();
        assertThat(only(pools).standing()).isEqualTo(owned);
    }

    @Test
    void whatSomebodyElseMadeOfAVolumeInBetweenIsNotUndone() {
        later = task -> {};
        lvm.withThinPool(16 * FakeLvm.EXTENT);
        lvm.with("v1", "pool", SIZE, "sluice");
        open().change(V1, Standing.DISCOVERED.frozen(M1));
        lvm.row("v1").tags.add("sluice.standing=owned/9/9/-/whole/-/-/512");

        assertThat(only(open()).standing().epoch()).isEqualTo(9);
        assertThat(scratch.resolve("standings")).isEmptyDirectory();
    }

    /** Dies before and after each command an action runs, comes up anew and does the action again. */
    private void survivesEveryCrash(Consumer<FakeLvm> begin, Consumer<LvmPools> action, Consumer<LvmPools> outcome) {
        int crashes = 0;
        for (int number = 0; ; number++) {
            for (boolean after : new boolean[] {false, true}) {
                FakeLvm fresh = new FakeLvm();
                begin.accept(fresh);
                LvmPools pools = pools(fresh);
                int first = fresh.commands.ran().size();
                if (after) {
                    fresh.commands.dieAfter(first + number);
                } else {
                    fresh.commands.dieBefore(first + number);
                }
                boolean died = false;
                try {
                    action.accept(pools);
                } catch (ScriptedCommands.Died e) {
                    died = true;
                }
                fresh.commands.live();
                LvmPools again = pools(fresh);
                action.accept(again);
                outcome.accept(again);
                outcome.accept(pools(fresh));
                crashes += died ? 1 : 0;
                if (!died && !after) {
                    assertThat(crashes).as("commands the action runs, twice").isGreaterThan(1);
                    return;
                }
            }
        }
    }

    /** A host of its own. */
    private Path stateOf(FakeLvm fake) {
        return scratch.resolve("host-" + System.identityHashCode(fake));
    }

    private LvmPools pools(FakeLvm fake) {
        LvmPools pools = new LvmPools(
                List.of(
                        new PoolGroup(THIN, FakeLvm.GROUP, "pool", null),
                        new PoolGroup(PLAIN, FakeLvm.GROUP, null, null)),
                fake.commands,
                new DeviceMapper(fake.commands),
                fake,
                stateOf(fake),
                later);
        pools.refresh();
        return pools;
    }

    private static void withThinVolume(FakeLvm fake) {
        fake.withThinPool(16 * FakeLvm.EXTENT);
        fake.with("v1", "pool", SIZE, "sluice");
    }

    @Test
    void creatingSurvivesEveryCrash() {
        for (PoolName pool : List.of(THIN, PLAIN)) {
            survivesEveryCrash(
                    fake -> fake.withThinPool(16 * FakeLvm.EXTENT),
                    pools -> pools.create(incoming(pool, SIZE)),
                    pools -> {
                        assertThat(only(pools).standing()).isEqualTo(Standing.incoming(M1, 5));
                        assertThat(only(pools).pool()).isEqualTo(pool);
                        assertThat(pools.observe().problems()).isEmpty();
                    });
        }
    }

    @Test
    void freezingSurvivesEveryCrash() {
        Standing frozen = Standing.DISCOVERED.fenced(5).frozen(M1);
        survivesEveryCrash(LvmPoolsTest::withThinVolume, pools -> pools.change(V1, frozen), pools -> {
            assertThat(only(pools).standing()).isEqualTo(frozen);
            assertThat(only(pools).writable()).isFalse();
        });
    }

    @Test
    void retiringAndDeletingSurviveEveryCrash() {
        survivesEveryCrash(
                LvmPoolsTest::withThinVolume,
                pools -> {
                    if (pools.find(V1) != null) {
                        pools.change(V1, Standing.DISCOVERED.retired(M1, LATER));
                    }
                },
                pools -> {
                    assertThat(only(pools).role()).isEqualTo(VolumeRole.RETIRED);
                    pools.create(incoming(THIN, SIZE));
                    assertThat(pools.observe().volumes()).hasSize(2);
                    pools.delete(V1, 5);
                });
        survivesEveryCrash(
                fake -> {
                    withThinVolume(fake);
                    pools(fake).change(V1, Standing.DISCOVERED.retired(M1, LATER));
                },
                pools -> pools.delete(V1, 0),
                pools -> assertThat(pools.observe().volumes()).isEmpty());
    }

    @Test
    void anActionIsDoneAgainWithoutARestartAfterEveryFailure() {
        lvm.withThinPool(16 * FakeLvm.EXTENT);
        lvm.with("v1", "pool", SIZE, "sluice");
        LvmPools pools = open();
        Standing frozen = Standing.DISCOVERED.frozen(M1);
        lvm.commands.dieAfter(lvm.commands.ran().size());
        assertThatThrownBy(() -> pools.change(V1, frozen)).isInstanceOf(ScriptedCommands.Died.class);
        lvm.commands.live();
        pools.change(V1, frozen);

        assertThat(only(pools).standing()).isEqualTo(frozen);
        assertThat(only(pools).writable()).isFalse();
    }
}
