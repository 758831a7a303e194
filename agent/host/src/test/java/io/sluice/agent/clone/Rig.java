package io.sluice.agent.clone;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.agent.api.HydrationOrder;
import io.sluice.agent.api.MigrationId;
import io.sluice.iscsi.block.BlockDevice;
import io.sluice.iscsi.block.MemoryDisk;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** A clone device over memory disks, 16 regions of 4 KiB in blocks of 512 bytes, and what tests do with one. */
final class Rig implements AutoCloseable {
    static final int BLOCK = 512;
    static final int REGION = 4096;
    static final int REGIONS = 16;
    static final int SIZE = REGION * REGIONS;
    static final CloneBinding BINDING = new CloneBinding(new MigrationId("m-1"), 3, "vol-1");
    static final CloneOptions OPTIONS = CloneOptions.DEFAULTS
            .withRegionBytes(REGION)
            .withRegionsInFlight(4)
            .withRetries(Duration.ofMillis(1), Duration.ofMillis(2));

    final FakeSource source;
    final BlockDevice local;
    final CloneFiles files;
    CloneDevice device;

    Rig(Path directory, FakeSource source) {
        this(directory, source, new MemoryDisk(SIZE, BLOCK));
    }

    Rig(Path directory, FakeSource source, BlockDevice local) {
        this.source = source;
        this.local = local;
        this.files = new CloneFiles(directory.resolve("vol-1.clone"), BINDING, "boot-1");
        this.device = CloneDevice.open(files, local, source, OPTIONS);
    }

    static FakeSource source() {
        return FakeSource.random(SIZE, BLOCK, 42);
    }

    /** What an agent does that starts again after a clean stop. */
    void reopen() {
        device.close();
        device = CloneDevice.open(files, local, source, OPTIONS);
    }

    byte[] read(int offset, int length) {
        byte[] bytes = new byte[length];
        device.read(offset, ByteBuffer.wrap(bytes));
        return bytes;
    }

    byte[] sourceBytes(int offset, int length) {
        return Arrays.copyOfRange(source.content, offset, offset + length);
    }

    static byte[] filled(int length, int value) {
        byte[] bytes = new byte[length];
        Arrays.fill(bytes, (byte) value);
        return bytes;
    }

    void write(int offset, byte[] bytes) {
        device.write(offset, ByteBuffer.wrap(bytes));
    }

    void hydrate() {
        device.hydrate(HydrationOrder.UNLIMITED);
    }

    void hydrateAll() throws InterruptedException {
        CountDownLatch complete = new CountDownLatch(1);
        device.whenComplete(complete::countDown);
        hydrate();
        assertThat(complete.await(20, TimeUnit.SECONDS)).as("hydrated").isTrue();
    }

    long hydrated() {
        return device.progress().hydratedRegions();
    }

    /** Waits for something that another thread will do; fails after a while. */
    static void await(String what, BooleanSupplier condition) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("%s within 20 s", what).isLessThan(deadline);
            LockSupport.parkNanos(200_000);
        }
    }

    @Override
    public void close() {
        device.close();
    }
}
