package io.sluice.agent.devicemapper;

import java.util.ArrayList;
import java.util.List;

/**
 * A clone of a source onto a destination ({@code dm-clone.rst}). Always made with hydration off and with discards kept from
 * the destination; what the kernel prints of a running one has the features it has at the moment.
 */
public record CloneTable(
        long sectors,
        String metadata,
        String destination,
        String source,
        long regionSectors,
        List<String> features,
        Hydration hydration)
        implements Table {
    static final String TARGET = "clone";
    static final String NO_HYDRATION = "no_hydration";
    static final String NO_DISCARD_PASSDOWN = "no_discard_passdown";

    /**
     * How much is copied at a time.
     *
     * @param thresholdRegions regions in flight at most; 0 pauses
     * @param batchRegions neighbouring regions copied by one request at most
     */
    public record Hydration(long thresholdRegions, long batchRegions) {
        static final String THRESHOLD = "hydration_threshold";
        static final String BATCH = "hydration_batch_size";

        /** What the kernel takes when it is told nothing. */
        static final Hydration KERNEL_DEFAULT = new Hydration(1, 1);

        /** Arguments in the kernel's own order: names each followed by its value. */
        static Hydration read(List<String> arguments) {
            long threshold = KERNEL_DEFAULT.thresholdRegions;
            long batch = KERNEL_DEFAULT.batchRegions;
            for (int i = 0; i + 1 < arguments.size(); i += 2) {
                long value = Long.parseLong(arguments.get(i + 1));
                switch (arguments.get(i)) {
                    case THRESHOLD -> threshold = value;
                    case BATCH -> batch = value;
                    default -> throw new IllegalArgumentException("unknown argument of clone: " + arguments.get(i));
                }
            }
            return new Hydration(threshold, batch);
        }
    }

    public CloneTable {
        features = List.copyOf(features);
    }

    /** As one is made: hydration off, no discard reaches the destination. */
    public static CloneTable idle(
            long sizeBytes,
            String metadata,
            String destination,
            String source,
            long regionSectors,
            Hydration hydration) {
        return new CloneTable(
                Table.sectorsOf(sizeBytes),
                metadata,
                destination,
                source,
                regionSectors,
                List.of(NO_HYDRATION, NO_DISCARD_PASSDOWN),
                hydration);
    }

    static CloneTable read(long sectors, Words words) {
        return new CloneTable(
                sectors,
                words.next(),
                words.next(),
                words.next(),
                words.nextLong(),
                words.hasNext() ? words.nextCounted() : List.of(),
                Hydration.read(words.hasNext() ? words.nextCounted() : List.of()));
    }

    @Override
    public List<String> words() {
        List<String> words =
                new ArrayList<>(List.of(TARGET, metadata, destination, source, Long.toString(regionSectors)));
        words.add(Integer.toString(features.size()));
        words.addAll(features);
        words.addAll(List.of(
                "4",
                Hydration.THRESHOLD,
                Long.toString(hydration.thresholdRegions()),
                Hydration.BATCH,
                Long.toString(hydration.batchRegions())));
        return words;
    }
}
