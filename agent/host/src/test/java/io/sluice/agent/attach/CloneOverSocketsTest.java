package io.sluice.agent.attach;

import static io.sluice.agent.attach.DestinationHost.REGION;
import static io.sluice.agent.attach.SourceHost.BLOCK;
import static io.sluice.agent.attach.SourceHost.VOLUME;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.agent.api.AttachmentFailure;
import io.sluice.agent.api.HydrationOrder;
import io.sluice.agent.api.HydrationReport;
import io.sluice.agent.api.IncomingStage;
import io.sluice.agent.api.MissingBytes.Range;
import io.sluice.agent.api.VerificationReport;
import io.sluice.agent.reconcile.CloneState;
import io.sluice.agent.reconcile.DiskBacking;
import io.sluice.agent.reconcile.DiskState;
import io.sluice.iscsi.block.ChecksummedDisk;
import io.sluice.iscsi.initiator.IscsiDisk;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Arrays;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** One volume's way from host to host: real files, real iSCSI on loopback, the agent's own parts. */
@Timeout(120)
class CloneOverSocketsTest {
    private static final int SIZE = 8 << 20;

    @TempDir
    Path directory;

    @Test
    void aVolumeMovesUnderALiveWorkloadThoughItsSourceDiesInBetween() throws Exception {
        try (SourceHost source = new SourceHost(directory, SIZE, 1);
                DestinationHost destination = new DestinationHost(directory, SIZE)) {
            byte[] model = source.content.clone();
            raise(source, destination);
            assertThat(progress(destination).skippedBytes()).isEqualTo(SIZE - source.allocatedBytes());
            destination.disks.serve(VOLUME, DiskBacking.CLONE);
            try (IscsiDisk disk = destination.open()) {
                destination.clones.hydrate(VOLUME, new HydrationOrder(2L << 20, false));
                await("some regions are copied", () -> progress(destination).copiedBytes() >= 4 * REGION);
                source.kill();
                await("the loss is seen", () -> !connected(destination));
                assertThat(progress(destination).complete()).isFalse();
                // Whole regions need no source; nor does what is local already.
                write(disk, model, 30 * REGION, REGION, 1);
                disk.flush();
                assertThat(read(disk, 30 * REGION, REGION)).isEqualTo(part(model, 30 * REGION, REGION));
                try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
                    Future<byte[]> waiting = threads.submit(() -> read(disk, SIZE / 4 * 3 - REGION, BLOCK));
                    source.comeBack();
                    assertThat(waiting.get(30, TimeUnit.SECONDS)).isEqualTo(part(model, SIZE / 4 * 3 - REGION, BLOCK));
                }
                destination.clones.hydrate(VOLUME, HydrationOrder.UNLIMITED);
                workload(disk, model, 60);
                assertThat(destination.hydrated.await(30, TimeUnit.SECONDS)).isTrue();
                workload(disk, model, 20);
                destination.clones.verify(VOLUME);
                assertThat(verification(destination).mismatchedRegions()).isZero();
                assertThat(verification(destination).verifiedRegions()).isPositive();
                assertThatWhatTheSourceGaveIsSummed(source);
                settle(source, destination);
                workload(disk, model, 20);
                assertThat(read(disk, 0, SIZE)).isEqualTo(model);
                disk.flush();
            }
            assertThat(source.exports().observe().getFirst().sessions()).isZero();
            assertThat(Files.readAllBytes(destination.file)).isEqualTo(model);
        }
    }

    @Test
    void afterARestartOfTheAgentWithoutASourceTheDiskIsBackAndOnlyMissingBytesWait() throws Exception {
        try (SourceHost source = new SourceHost(directory, SIZE, 2);
                DestinationHost destination = new DestinationHost(directory, SIZE)) {
            byte[] model = source.content.clone();
            raise(source, destination);
            destination.disks.serve(VOLUME, DiskBacking.CLONE);
            DiskState before = destination.disk();
            try (IscsiDisk disk = destination.open();
                    ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
                write(disk, model, REGION + BLOCK, BLOCK, 3);
                write(disk, model, 3 * REGION, REGION, 4);
                disk.flush();
                source.kill();
                destination.stopAgent();
                Future<byte[]> acrossTheRestart = threads.submit(() -> read(disk, REGION, REGION));

                destination.startAgent();
                assertThat(destination.state().stage()).isEqualTo(IncomingStage.CREATED);
                raise(source, destination);
                destination.disks.serve(VOLUME, DiskBacking.CLONE);
                assertThat(destination.disk()).isEqualTo(before);
                assertThat(acrossTheRestart.get(30, TimeUnit.SECONDS)).isEqualTo(part(model, REGION, REGION));
                assertThat(read(disk, 3 * REGION, REGION)).isEqualTo(part(model, 3 * REGION, REGION));
                assertThat(connected(destination)).isFalse();
                assertThat(destination.missing("boot-1"))
                        .contains(new Range(4 * REGION, SIZE / 4 - 4 * REGION), new Range(SIZE / 2, SIZE / 4))
                        .noneMatch(range -> range.offset() <= 3 * REGION && range.end() > 3 * REGION);
                Future<byte[]> missing = threads.submit(() -> read(disk, 8 * REGION, BLOCK));
                await("it is told why", () -> failure(destination) != null);
                assertThat(Objects.requireNonNull(failure(destination)).code()).isEqualTo("SOURCE_UNREACHABLE");
                source.comeBack();
                assertThat(missing.get(30, TimeUnit.SECONDS)).isEqualTo(part(model, 8 * REGION, BLOCK));
                destination.clones.hydrate(VOLUME, HydrationOrder.UNLIMITED);
                assertThat(destination.hydrated.await(30, TimeUnit.SECONDS)).isTrue();
                assertThat(failure(destination)).isNull();
                destination.clones.verify(VOLUME);
                assertThat(verification(destination).mismatchedRegions()).isZero();
                settle(source, destination);
                assertThat(read(disk, 0, SIZE)).isEqualTo(model);
            }
        }
    }

    @Test
    void theSecretOfADiskIsForItsOwnerAloneAndStaysTheSame() throws Exception {
        try (DestinationHost destination = new DestinationHost(directory, SIZE)) {
            destination.disks.serve(VOLUME, DiskBacking.PLAIN);
            DiskState disk = destination.disk();
            Path file = Objects.requireNonNull(disk.secretFile());
            String secret = Files.readString(file);
            assertThat(secret).hasSizeGreaterThanOrEqualTo(24);
            assertThat(Files.getPosixFilePermissions(file))
                    .containsExactlyInAnyOrder(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);
            destination.disks.withdraw(VOLUME);
            assertThat(destination.disks.observe()).isEmpty();
            destination.disks.serve(VOLUME, DiskBacking.PLAIN);
            assertThat(destination.disk()).isEqualTo(disk);
            assertThat(Files.readString(file)).isEqualTo(secret);
        }
    }

    private static void raise(SourceHost source, DestinationHost destination) {
        destination.clones.attach(source.order());
        assertThat(destination.state().stage()).isEqualTo(IncomingStage.ATTACHED);
        destination.clones.raise(source.order());
        assertThat(destination.state().stage()).isEqualTo(IncomingStage.CLONED);
        destination.clones.attach(source.order());
        destination.clones.raise(source.order());
    }

    private static void assertThatWhatTheSourceGaveIsSummed(SourceHost source) {
        ChecksummedDisk given = Objects.requireNonNull(source.exports().given(SourceHost.MIGRATION, VOLUME));
        int summed = 0;
        for (int region = 0; region < given.regions(); region++) {
            Integer sum = given.given(region);
            if (sum != null) {
                CRC32C expected = new CRC32C();
                expected.update(source.content, region * given.regionBytes(), given.regionBytes());
                assertThat(sum).isEqualTo((int) expected.getValue());
                summed++;
            }
        }
        assertThat(summed).isPositive();
    }

    private static void settle(SourceHost source, DestinationHost destination) {
        destination.disks.serve(VOLUME, DiskBacking.PLAIN);
        destination.clones.drop(VOLUME);
        destination.clones.drop(VOLUME);
        assertThat(destination.clones.observe()).isEmpty();
        await(
                "the source sees the logout",
                () -> source.exports().observe().getFirst().sessions() == 0);
    }

    /** Writes, reads back, flushes; blocks and whole regions. */
    private static void workload(IscsiDisk disk, byte[] model, int steps) {
        Random random = new Random(steps);
        for (int step = 0; step < steps; step++) {
            boolean whole = random.nextInt(4) == 0;
            int length = whole ? REGION : BLOCK;
            int offset = random.nextInt(SIZE / length) * length;
            if (random.nextBoolean()) {
                write(disk, model, offset, length, random.nextInt());
            }
            if (step % 8 == 0) {
                disk.flush();
            }
            assertThat(read(disk, offset, length)).isEqualTo(part(model, offset, length));
        }
    }

    private static void write(IscsiDisk disk, byte[] model, int offset, int length, int seed) {
        byte[] bytes = new byte[length];
        new Random(seed).nextBytes(bytes);
        disk.write(offset, ByteBuffer.wrap(bytes));
        System.arraycopy(bytes, 0, model, offset, length);
    }

    private static byte[] read(IscsiDisk disk, int offset, int length) {
        byte[] bytes = new byte[length];
        disk.read(offset, ByteBuffer.wrap(bytes));
        return bytes;
    }

    private static byte[] part(byte[] bytes, int offset, int length) {
        return Arrays.copyOfRange(bytes, offset, offset + length);
    }

    private static HydrationReport progress(DestinationHost destination) {
        return Objects.requireNonNull(destination.state().hydration());
    }

    private static VerificationReport verification(DestinationHost destination) {
        return Objects.requireNonNull(destination.state().verification());
    }

    private static boolean connected(DestinationHost destination) {
        CloneState state = destination.state();
        return Objects.requireNonNull(state.attachment()).connected();
    }

    private static @Nullable AttachmentFailure failure(DestinationHost destination) {
        return Objects.requireNonNull(destination.state().attachment()).failure();
    }

    private static void await(String what, BooleanSupplier condition) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("%s within 30 s", what).isLessThan(deadline);
            LockSupport.parkNanos(1_000_000);
        }
    }
}
