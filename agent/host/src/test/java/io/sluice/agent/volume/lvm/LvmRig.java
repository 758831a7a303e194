package io.sluice.agent.volume.lvm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import io.sluice.agent.api.FailureKind;
import io.sluice.agent.api.MigrationId;
import io.sluice.agent.api.PoolName;
import io.sluice.agent.api.VolumeId;
import io.sluice.agent.devicemapper.DeviceMapper;
import io.sluice.agent.reconcile.HostActionException;
import io.sluice.agent.reconcile.NewVolume;
import io.sluice.agent.reconcile.VolumeState;
import io.sluice.agent.volume.PoolGroup;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Executor;
import org.junit.jupiter.api.io.TempDir;

/** A host with a thin pool and a plain one in one group of volumes, simulated. */
abstract class LvmRig {
    static final PoolName THIN = new PoolName("thin");

    static final PoolName PLAIN = new PoolName("plain");

    static final VolumeId V1 = new VolumeId("v1");

    static final MigrationId M1 = new MigrationId("m1");

    static final long SIZE = 4 * FakeLvm.EXTENT;

    static final Instant LATER = Instant.parse("2026-11-27T00:00:00.123456Z");

    @TempDir
    Path scratch;

    final FakeLvm lvm = new FakeLvm();

    /** When LVM is told what holds already; at once, unless a test says otherwise. */
    Executor later = Runnable::run;

    LvmPools open() {
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

    LvmPools openThin() {
        lvm.withThinPool(16 * FakeLvm.EXTENT);
        return open();
    }

    static NewVolume incoming(PoolName pool, long sizeBytes) {
        return new NewVolume(V1, pool, sizeBytes, 512, M1, 5);
    }

    static VolumeState only(LvmPools pools) {
        assertThat(pools.observe().volumes()).hasSize(1);
        return pools.observe().volumes().getFirst();
    }

    static void assertRefused(Runnable action, String code, FailureKind kind) {
        assertThatThrownBy(action::run)
                .asInstanceOf(type(HostActionException.class))
                .satisfies(e -> assertThat(e.code()).isEqualTo(code))
                .satisfies(e -> assertThat(e.kind()).isEqualTo(kind));
    }
}
