package io.sluice.iscsi.exerciser;

import io.sluice.iscsi.block.BlockDevice;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Writing and checking a disk until stopped or until something is wrong. One thread writes in rounds: intents to the journal, writes,
 * flush, acknowledgements to the journal; another reads blocks back meanwhile. A block is never written and read at once.
 */
final class Exercise {
    private final BlockDevice disk;
    private final Journal journal;
    private final History history;
    private final Playground playground;
    private final int writesPerSecond;
    private final int batch;
    private final Random random = new Random();
    private final Set<Long> busy = new HashSet<>();
    private final List<Long> written;
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final CountDownLatch finished = new CountDownLatch(1);
    private final AtomicReference<@Nullable String> wrong = new AtomicReference<>();
    private long sequence;

    Exercise(BlockDevice disk, Journal journal, History history, ExerciserSettings settings) {
        this.disk = disk;
        this.journal = journal;
        this.history = history;
        this.playground = new Playground(disk.sizeBytes());
        this.writesPerSecond = settings.writesPerSecond();
        this.batch = (int) Math.min(settings.batch(), playground.size());
        this.written = new ArrayList<>(history.blocks().keySet());
        this.sequence = history.highestSequence();
        history.beginRun();
    }

    /** Runs until {@link #stop()}; answers with what was found wrong, or null. */
    @Nullable
    String run() {
        Thread checker = Thread.ofPlatform().daemon().name("check").start(this::checkAlways);
        writeAlways();
        stop();
        joinUninterrupted(checker);
        finished.countDown();
        return wrong.get();
    }

    /** Whether the round under way ended within the limit. */
    boolean awaitFinished(Duration limit) {
        try {
            return finished.await(limit.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** The round under way is finished, no other begins. */
    void stop() {
        stopped.countDown();
    }

    private void writeAlways() {
        Duration roundTime = Duration.ofNanos(1_000_000_000L * batch / writesPerSecond);
        try {
            long next = System.nanoTime();
            while (running()) {
                writeRound();
                next = Math.max(next + roundTime.toNanos(), System.nanoTime() - roundTime.toNanos());
                pause(next - System.nanoTime());
            }
        } catch (RuntimeException e) {
            fail("writing failed: " + e.getMessage());
        }
    }

    private void writeRound() {
        List<JournalEntry> intents = new ArrayList<>();
        for (int i = 0; i < batch; i++) {
            intents.add(new JournalEntry(false, claimToWrite(), ++sequence, unixNanos()));
        }
        journal.append(intents);
        intents.forEach(this::remember);
        ByteBuffer content = ByteBuffer.allocate(NumberedBlock.BYTES);
        for (JournalEntry intent : intents) {
            new NumberedBlock(intent.block(), intent.sequence(), intent.unixNanos()).encode(content.clear());
            disk.write(intent.block() * NumberedBlock.BYTES, content.flip());
        }
        disk.flush();
        long now = unixNanos();
        List<JournalEntry> done = intents.stream()
                .map(intent -> new JournalEntry(true, intent.block(), intent.sequence(), now))
                .toList();
        journal.append(done);
        done.forEach(this::remember);
        intents.forEach(intent -> release(intent.block()));
    }

    private void checkAlways() {
        Duration pause = Duration.ofNanos(1_000_000_000L / writesPerSecond);
        try {
            while (running()) {
                Long block = claimToRead();
                if (block != null) {
                    check(block);
                    release(block);
                }
                pause(pause.toNanos());
            }
        } catch (RuntimeException e) {
            fail("reading failed: " + e.getMessage());
        }
    }

    private void check(long block) {
        ByteBuffer content = ByteBuffer.allocate(NumberedBlock.BYTES);
        disk.read(block * NumberedBlock.BYTES, content);
        NumberedBlock found = NumberedBlock.decode(content.flip());
        String mismatch;
        synchronized (this) {
            mismatch = history.wrong(block, found);
        }
        if (mismatch != null) {
            fail(mismatch);
        }
    }

    private synchronized void remember(JournalEntry entry) {
        if (history.block(entry.block()) == null) {
            written.add(entry.block());
        }
        history.take(entry);
    }

    private synchronized long claimToWrite() {
        long block;
        do {
            block = playground.block(random.nextLong(playground.size()));
        } while (!busy.add(block));
        return block;
    }

    private synchronized @Nullable Long claimToRead() {
        if (written.isEmpty()) {
            return null;
        }
        Long block = written.get(random.nextInt(written.size()));
        return busy.add(block) ? block : null;
    }

    private synchronized void release(long block) {
        busy.remove(block);
    }

    private void fail(String what) {
        wrong.compareAndSet(null, what);
        stop();
    }

    private boolean running() {
        return stopped.getCount() > 0;
    }

    private void pause(long nanos) {
        try {
            boolean ignored = stopped.await(nanos, TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            stop();
        }
    }

    private static void joinUninterrupted(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static long unixNanos() {
        Instant now = Instant.now();
        return now.getEpochSecond() * 1_000_000_000L + now.getNano();
    }
}
