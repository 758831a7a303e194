package io.sluice.orchestrator.cli.bench;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * How large a fleet is simulated.
 *
 * @param workers one of them, the first, has {@code largest} volumes; the others share the rest
 * @param migrations how many are kept live while the fleet is loaded
 */
record FleetSize(int workers, int volumes, int largest, int migrations) {
    private static final int LEAST_WORKERS = 20;

    FleetSize {
        if (workers < LEAST_WORKERS) {
            throw new BenchFailure("a fleet has at least " + LEAST_WORKERS + " workers, not " + workers);
        }
        if (largest < 1 || volumes < largest + workers - 1) {
            throw new BenchFailure("the largest worker has at least 1 volume, and " + (volumes - largest)
                    + " are left for the other " + (workers - 1) + " workers, which need at least one each");
        }
        if (migrations < 1 || migrations > (volumes - largest) / 2) {
            throw new BenchFailure("migrations: 1 to " + (volumes - largest) / 2
                    + ", half of the volumes that are not the largest worker's");
        }
    }

    /** The same with a tenth of the workers, and of their volumes. */
    FleetSize tenth() {
        return new FleetSize(
                Math.max(LEAST_WORKERS, workers / 10),
                largest + Math.max(LEAST_WORKERS, (volumes - largest) / 10),
                largest,
                Math.min(migrations, Math.max(1, (volumes - largest) / 20)));
    }

    /** Of every worker, how many volumes it has. */
    List<Integer> volumesOfEach() {
        int others = workers - 1;
        int each = (volumes - largest) / others;
        int more = (volumes - largest) % others;
        List<Integer> counts = new ArrayList<>();
        counts.add(largest);
        counts.addAll(Collections.nCopies(more, each + 1));
        counts.addAll(Collections.nCopies(others - more, each));
        return counts;
    }

    int volumesOfOne() {
        return Math.max(1, (volumes - largest) / (workers - 1));
    }
}
