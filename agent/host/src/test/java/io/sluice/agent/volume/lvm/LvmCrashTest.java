package io.sluice.agent.volume.lvm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.agent.api.PoolName;
import io.sluice.agent.api.VolumeRole;
import io.sluice.agent.devicemapper.DeviceMapper;
import io.sluice.agent.reconcile.Standing;
import io.sluice.agent.testing.ScriptedCommands;
import io.sluice.agent.volume.PoolGroup;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** The agent dies at every command of an action. */
class LvmCrashTest extends LvmRig {
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
        survivesEveryCrash(LvmCrashTest::withThinVolume, pools -> pools.change(V1, frozen), pools -> {
            assertThat(only(pools).standing()).isEqualTo(frozen);
            assertThat(only(pools).writable()).isFalse();
        });
    }

    @Test
    void retiringAndDeletingSurviveEveryCrash() {
        survivesEveryCrash(
                LvmCrashTest::withThinVolume,
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
