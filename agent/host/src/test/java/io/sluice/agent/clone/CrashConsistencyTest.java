package io.sluice.agent.clone;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.agent.api.HydrationOrder;
import io.sluice.agent.api.MigrationId;
import io.sluice.agent.api.VerificationReport;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Cuts the power or kills the process after every event (write or flush of the local disk or of the metadata) of a run in which a
 * workload writes, unmaps, reads and flushes while hydration goes on; opens again and checks every block against what the workload
 * was told.
 */
@Timeout(120)
class CrashConsistencyTest {
    private static final String BOOT = "boot-1";
    private static final int BLOCK = 512;
    private static final int REGION = 4 * BLOCK;
    private static final int BLOCKS = 120;
    private static final int SIZE = BLOCKS * BLOCK;
    private static final CloneBinding BINDING = new CloneBinding(new MigrationId("m-1"), 3, "serial-1");
    private static final CloneOptions OPTIONS =
            CloneOptions.DEFAULTS.withRegionsInFlight(2).withCommitEvery(Duration.ofMillis(2));

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void afterAPowerCutAtAnyMomentNothingAcknowledgedIsLost(long seed) throws Exception {
        FakeSource source = FakeSource.random(SIZE, BLOCK, seed).hole(20 * BLOCK, 36 * BLOCK);
        RegionLayout layout = new RegionLayout(SIZE, REGION);
        PowerLog log = new PowerLog(new byte[SIZE], PowerLog.formatted(BINDING, layout, BLOCK));
        runWorkload(log, source, new Random(seed));
        for (int moment = 0; moment <= log.size(); moment++) {
            Random random = new Random(seed * 100_003 + moment);
            List<byte[]> possible = possible(log, source, moment);
            PowerLog once = log.cutAt(moment, random);
            check(once, source, "boot-2", possible, "seed " + seed + ", cut after event " + moment);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void afterAKillAtAnyMomentNoWriteThatReturnedIsLost(long seed) throws Exception {
        FakeSource source = FakeSource.random(SIZE, BLOCK, seed).hole(20 * BLOCK, 36 * BLOCK);
        RegionLayout layout = new RegionLayout(SIZE, REGION);
        PowerLog log = new PowerLog(new byte[SIZE], PowerLog.formatted(BINDING, layout, BLOCK));
        runWorkload(log, source, new Random(seed));
        for (int moment = 0; moment <= log.size(); moment++) {
            List<byte[]> possible = afterKill(log, source, moment);
            check(log.killedAt(moment), source, BOOT, possible, "seed " + seed + ", killed after event " + moment);
        }
    }

    private static void runWorkload(PowerLog log, FakeSource source, Random random) {
        try (CloneDevice device = open(log, source, BOOT)) {
            device.markHoles();
            device.hydrate(new HydrationOrder(null, false));
            for (int step = 0; step < 60; step++) {
                int first = random.nextInt(BLOCKS);
                int blocks = 1 + random.nextInt(Math.min(12, BLOCKS - first));
                switch (random.nextInt(6)) {
                    case 0, 1, 2 -> {
                        byte[] bytes = new byte[blocks * BLOCK];
                        random.nextBytes(bytes);
                        log.note(new Written(first, ByteBuffer.wrap(bytes)));
                        device.write((long) first * BLOCK, ByteBuffer.wrap(bytes));
                        log.note(new Returned());
                    }
                    case 3 -> {
                        log.note(new Written(first, ByteBuffer.allocate(blocks * BLOCK)));
                        device.unmap((long) first * BLOCK, (long) blocks * BLOCK);
                        log.note(new Returned());
                    }
                    case 4 -> device.read((long) first * BLOCK, ByteBuffer.allocate(blocks * BLOCK));
                    default -> {
                        device.flush();
                        log.note(new Acknowledged());
                    }
                }
            }
        }
    }

    /** What each block may read as after a cut at that moment, the first being what was last acknowledged. */
    private static List<byte[]> possible(PowerLog log, FakeSource source, int moment) {
        byte[] acknowledged = source.content.clone();
        List<Written> since = new ArrayList<>();
        for (Object note : log.notesBefore(moment)) {
            switch (note) {
                case Written written -> since.add(written);
                case Acknowledged all -> {
                    since.forEach(written -> written.applyTo(acknowledged));
                    since.clear();
                }
                case Returned one -> {}
                default -> throw new AssertionError(note);
            }
        }
        List<byte[]> possible = new ArrayList<>();
        possible.add(acknowledged);
        for (Written written : since) {
            byte[] content = possible.getLast().clone();
            written.applyTo(content);
            possible.add(content);
        }
        return possible;
    }

    /** All writes that had returned, with and without the one under way. */
    private static List<byte[]> afterKill(PowerLog log, FakeSource source, int moment) {
        byte[] content = source.content.clone();
        byte[] returned = content.clone();
        for (Object note : log.notesBefore(moment)) {
            if (note instanceof Written written) {
                written.applyTo(content);
            } else if (note instanceof Returned) {
                returned = content.clone();
            }
        }
        return List.of(returned, content);
    }

    private static void check(PowerLog log, FakeSource source, String bootId, List<byte[]> possible, String where)
            throws Exception {
        try (CloneDevice device = open(log, source, bootId)) {
            byte[] seen = new byte[SIZE];
            device.read(0, ByteBuffer.wrap(seen));
            for (int block = 0; block < BLOCKS; block++) {
                assertThat(oneOf(seen, possible, block))
                        .as("%s, block %d", where, block)
                        .isTrue();
            }
            hydrateAll(device);
            byte[] hydrated = new byte[SIZE];
            device.read(0, ByteBuffer.wrap(hydrated));
            assertThat(hydrated).as("%s, hydrated", where).isEqualTo(seen);
            VerificationReport verified = device.verify();
            assertThat(verified.mismatchedRegions()).as("%s, mismatches", where).isZero();
        }
    }

    private static void hydrateAll(CloneDevice device) throws InterruptedException {
        CountDownLatch complete = new CountDownLatch(1);
        device.whenComplete(complete::countDown);
        device.hydrate(new HydrationOrder(null, false));
        assertThat(complete.await(20, TimeUnit.SECONDS)).isTrue();
    }

    private static CloneDevice open(PowerLog log, FakeSource source, String bootId) {
        MetadataFile file = MetadataFile.open(log.metadata());
        MetadataHeader header = file.header();
        WarmMap warm = WarmMap.open(
                log.warm(), bootId, header.identity(), header.layout().regions());
        return CloneDevice.open(file, warm, log.local(BLOCK), source, OPTIONS);
    }

    private static boolean oneOf(byte[] seen, List<byte[]> possible, int block) {
        int from = block * BLOCK;
        int to = from + BLOCK;
        return possible.stream().anyMatch(content -> Arrays.equals(seen, from, to, content, from, to));
    }

    private record Written(int firstBlock, ByteBuffer bytes) {
        void applyTo(byte[] content) {
            bytes.get(0, content, firstBlock * BLOCK, bytes.capacity());
        }
    }

    private record Acknowledged() {}

    private record Returned() {}
}
