package io.sluice.agent.volume.lvm;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.agent.api.FailureKind;
import io.sluice.agent.api.FailureReport;
import io.sluice.agent.api.VerificationReport;
import io.sluice.agent.api.VolumeRole;
import io.sluice.agent.reconcile.Standing;
import io.sluice.agent.reconcile.VolumeState;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** What a copy is to its host, as LVM keeps it, and before LVM does. */
class LvmStandingsTest extends LvmRig {
    private static final Standing SETTLED =
            Standing.incoming(M1, 5).owned().settled(new VerificationReport(1, 2, 3, 4));

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
    void aCopyThatOthersAreMadeOfIsNotDeletedForLvmWouldRemoveThemWithIt() {
        lvm.withThinPool(16 * FakeLvm.EXTENT);
        lvm.with("v1", "pool", SIZE, "sluice");
        LvmPools pools = open();
        pools.change(V1, new Standing(VolumeRole.RETIRED, 0, 5, M1, true, null, null));
        FakeLvm.Row copy = lvm.row("v1+0");

        for (String role : List.of("public,origin,thickorigin", "public,origin,extthinorigin,multiextthinorigin")) {
            copy.role = role;
            assertRefused(() -> pools.delete(V1, 0), "VOLUME_NOT_DELETABLE", FailureKind.OPERATOR);
        }
        assertThat(lvm.volumes).containsKey("v1+0");
        copy.role = "public,origin,thinorigin";
        pools.delete(V1, 0);
        assertThat(lvm.volumes).doesNotContainKey("v1+0");
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

    @Test
    void aCopyIsCountedOnceItIsWholeAndNotInTheActionThatMakesItSo() {
        List<Runnable> behind = new ArrayList<>();
        later = behind::add;
        LvmPools pools = openThin();
        pools.create(incoming(THIN, SIZE));
        pools.change(V1, Standing.incoming(M1, 5).owned());
        behind.forEach(Runnable::run);
        behind.clear();
        pools.refresh();
        lvm.row("v1").dataPercent = "50.00";
        lvm.commands.forget();
        pools.change(V1, SETTLED);

        assertThat(lvm.commands.lines()).noneMatch(line -> line.startsWith("lvs"));
        assertThat(only(pools).allocatedBytes()).isZero();
        behind.forEach(Runnable::run);
        assertThat(only(pools).allocatedBytes()).isEqualTo(SIZE / 2);
        assertThat(only(pools).standing()).isEqualTo(SETTLED);
        behind.clear();
        pools.change(V1, SETTLED.fenced(6));
        assertThat(behind).as("it was counted").isEmpty();
    }

    @Test
    void countingTakesNoChangeBackThatIsMadeMeanwhile() {
        List<Runnable> behind = new ArrayList<>();
        later = behind::add;
        lvm.withThinPool(16 * FakeLvm.EXTENT);
        lvm.with("v1", "pool", SIZE, "sluice", "sluice.standing=owned/5/5/m1/part/-/-/512");
        LvmPools pools = open();
        pools.change(V1, SETTLED);
        lvm.row("v1").dataPercent = "50.00";
        lvm.afterLooking = () -> pools.change(V1, SETTLED.fenced(7));
        behind.forEach(Runnable::run);

        assertThat(only(pools).standing()).isEqualTo(SETTLED.fenced(7));
        assertThat(only(pools).allocatedBytes()).isEqualTo(SIZE / 2);
    }

    @Test
    void aGroupThatCannotBeLookedAtAfterACopyBecameWholeIsCountedByTheNextRefresh() {
        lvm.withThinPool(16 * FakeLvm.EXTENT);
        lvm.with("v1", "pool", SIZE, "sluice", "sluice.standing=owned/5/5/m1/part/-/-/512");
        LvmPools pools = open();
        lvm.row("v1").dataPercent = "50.00";
        lvm.commands.fails("lvs", 5, "cannot lock");
        pools.change(V1, SETTLED);

        assertThat(only(pools).standing().whole()).isTrue();
        assertThat(only(pools).allocatedBytes()).isEqualTo(SIZE / 4);
        lvm.answersAgain();
        pools.refresh();
        assertThat(only(pools).allocatedBytes()).isEqualTo(SIZE / 2);
    }
}
