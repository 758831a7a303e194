package io.sluice.orchestrator.cli.demo;

import java.util.List;

/** What a drain of the demo came to. */
record DemoResult(
        String worker, double drainSeconds, boolean safeToPowerOff, List<Moved> moved, List<String> failures) {

    DemoResult {
        moved = List.copyOf(moved);
        failures = List.copyOf(failures);
    }

    /**
     * One workload that was moved.
     *
     * @param stopMillis from its last acknowledged write to the return of its stop program
     * @param ownMillis from there to the launch of its start program: Sluice's share
     * @param startMillis from there to its first acknowledged write
     */
    record Moved(
            String workload,
            String destination,
            double stopMillis,
            double ownMillis,
            double startMillis,
            long allocatedBytes,
            long copiedBytes,
            Verification verification) {

        double interruptionMillis() {
            return stopMillis + ownMillis + startMillis;
        }
    }

    /**
     * What the comparison of the volume with the workload's journal and the original's checksums found.
     *
     * @param acknowledgedWrites all writes ever acknowledged
     * @param writtenBlocks blocks they went to, each compared with the last one acknowledged
     * @param untouchedBytes bytes never written to, each compared with the original
     * @param wrong what differed, in words; empty if nothing did
     */
    record Verification(long acknowledgedWrites, long writtenBlocks, long untouchedBytes, List<String> wrong) {
        Verification {
            wrong = List.copyOf(wrong);
        }

        boolean passed() {
            return wrong.isEmpty() && acknowledgedWrites > 0;
        }
    }

    boolean verified() {
        return failures.isEmpty()
                && !moved.isEmpty()
                && moved.stream().allMatch(workload -> workload.verification().passed());
    }

    boolean passed() {
        return verified() && safeToPowerOff;
    }

    long allocatedBytes() {
        return moved.stream().mapToLong(Moved::allocatedBytes).sum();
    }

    long copiedBytes() {
        return moved.stream().mapToLong(Moved::copiedBytes).sum();
    }

    static double median(List<Double> values) {
        List<Double> sorted = values.stream().sorted().toList();
        int middle = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }

    long acknowledgedWrites() {
        return moved.stream()
                .mapToLong(workload -> workload.verification().acknowledgedWrites())
                .sum();
    }

    long untouchedBytes() {
        return moved.stream()
                .mapToLong(workload -> workload.verification().untouchedBytes())
                .sum();
    }
}
