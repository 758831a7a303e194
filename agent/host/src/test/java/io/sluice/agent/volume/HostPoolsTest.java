package io.sluice.agent.volume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import io.sluice.agent.api.FailureReport;
import io.sluice.agent.api.MigrationId;
import io.sluice.agent.api.PoolName;
import io.sluice.agent.api.PoolReport;
import io.sluice.agent.api.VolumeId;
import io.sluice.agent.reconcile.HostActionException;
import io.sluice.agent.reconcile.NewVolume;
import io.sluice.agent.reconcile.Standing;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HostPoolsTest {
    private static final PoolName ONE = new PoolName("one");
    private static final PoolName TWO = new PoolName("two");
    private static final VolumeId V1 = new VolumeId("v1");
    private static final MigrationId M1 = new MigrationId("m1");
    private static final long SIZE = 1 << 20;

    @TempDir
    Path directory;

    private HostPools open() {
        return new HostPools(List.of(
                DirectoryPools.open(List.of(new PoolDirectory(ONE, directory.resolve("one"), 4 * SIZE))),
                DirectoryPools.open(List.of(new PoolDirectory(TWO, directory.resolve("two"), 4 * SIZE)))));
    }

    private static NewVolume incoming(PoolName pool) {
        return new NewVolume(V1, pool, SIZE, 512, M1, 5);
    }

    @Test
    void aVolumeIsMadeInThePoolNamedAndFoundChangedAndDeletedWhereItLies() {
        HostPools pools = open();
        pools.create(incoming(TWO));

        assertThat(Objects.requireNonNull(pools.find(V1)).path()).isEqualTo(directory.resolve("two/v1.raw"));
        pools.change(V1, Standing.incoming(M1, 5).fenced(6));
        assertThat(pools.observe().volumes())
                .singleElement()
                .satisfies(volume -> assertThat(volume.standing().fence()).isEqualTo(6));
        pools.delete(V1, 5);
        assertThat(pools.observe().volumes()).isEmpty();
        assertThat(pools.observe().pools()).extracting(PoolReport::name).containsExactly(ONE, TWO);
    }

    @Test
    void aVolumeThatIsThereIsNotMadeInAnotherPool() {
        HostPools pools = open();
        pools.create(incoming(TWO));
        pools.create(incoming(ONE));

        assertThat(pools.observe().volumes())
                .singleElement()
                .satisfies(volume -> assertThat(volume.pool()).isEqualTo(TWO));
    }

    @Test
    void aVolumeInTwoPoolsIsNamed() throws IOException {
        HostPools pools = open();
        Files.write(directory.resolve("one/v1.raw"), new byte[512]);
        Files.write(directory.resolve("two/v1.raw"), new byte[512]);
        pools.refresh();

        assertThat(pools.observe().problems()).extracting(FailureReport::code).containsExactly("VOLUME_IN_TWO_POOLS");
    }

    @Test
    void whatIsNowhereIsRefused() {
        HostPools pools = open();

        assertThatThrownBy(() -> pools.create(incoming(new PoolName("three"))))
                .asInstanceOf(type(HostActionException.class))
                .satisfies(e -> assertThat(e.code()).isEqualTo("POOL_UNKNOWN"));
        assertThatThrownBy(() -> pools.change(V1, Standing.incoming(M1, 5)))
                .asInstanceOf(type(HostActionException.class))
                .satisfies(e -> assertThat(e.code()).isEqualTo("VOLUME_MISSING"));
        assertThat(pools.find(V1)).isNull();
        pools.delete(V1, 5);
    }
}
