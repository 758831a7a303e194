package io.sluice.iscsi.exerciser;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What was written, from the journals: for each block the last acknowledged write and those without an answer since. */
final class History {
    /** What a block may hold. A block with no acknowledged write may also still hold its original content. */
    static final class BlockHistory {
        private long acknowledged;
        private final Set<Long> unanswered = new HashSet<>();

        boolean mayHold(long sequence) {
            return sequence == acknowledged || unanswered.contains(sequence);
        }

        boolean everAcknowledged() {
            return acknowledged != 0;
        }

        @Override
        public String toString() {
            return "acknowledged " + acknowledged + ", unanswered " + unanswered;
        }
    }

    /** First and last acknowledgement of one run in Unix nanoseconds, 0 where there is none. */
    record Run(long acknowledged, long firstNanos, long lastNanos) {
        Run with(long nanos) {
            return new Run(acknowledged + 1, acknowledged == 0 ? nanos : firstNanos, nanos);
        }
    }

    private final Map<Long, BlockHistory> blocks = new HashMap<>();
    private final List<Run> runs = new ArrayList<>();
    private long acknowledgedWrites;
    private long highestSequence;

    void beginRun() {
        runs.add(new Run(0, 0, 0));
    }

    void take(JournalEntry entry) {
        BlockHistory block = blocks.computeIfAbsent(entry.block(), b -> new BlockHistory());
        highestSequence = Math.max(highestSequence, entry.sequence());
        if (!entry.acknowledged()) {
            block.unanswered.add(entry.sequence());
            return;
        }
        block.acknowledged = entry.sequence();
        block.unanswered.clear();
        acknowledgedWrites++;
        runs.set(runs.size() - 1, runs.getLast().with(entry.unixNanos()));
    }

    @Nullable
    BlockHistory block(long block) {
        return blocks.get(block);
    }

    Map<Long, BlockHistory> blocks() {
        return Map.copyOf(blocks);
    }

    List<Run> runs() {
        return List.copyOf(runs);
    }

    long acknowledgedWrites() {
        return acknowledgedWrites;
    }

    long highestSequence() {
        return highestSequence;
    }

    /**
     * Why content read from a block is wrong, or null. Content that is no block of the exerciser's is wrong only where a write was
     * acknowledged.
     */
    @Nullable
    String wrong(long number, @Nullable NumberedBlock found) {
        BlockHistory block = blocks.get(number);
        if (block == null || (found == null && !block.everAcknowledged())) {
            return null;
        }
        if (found == null) {
            return "block %d holds nothing written by the exerciser; %s".formatted(number, block);
        }
        return found.block() == number && block.mayHold(found.sequence())
                ? null
                : "block %d holds write %d of block %d; %s".formatted(number, found.sequence(), found.block(), block);
    }
}
