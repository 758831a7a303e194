package io.sluice.orchestrator.simulation;

import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;

/** Runs every broken variant until it is caught. */
final class Teeth {
    private Teeth() {}

    /** The seed at which it is caught and by what; 0 when none of them did. */
    record Bite(Variant variant, long seeds, String by) {}

    static Bite bite(Variant variant, long first, long seeds, int threads) {
        // One after the other on one thread, so that the number of seeds it takes is always the same.
        long last = first + seeds - 1;
        for (long seed = first; seed <= last; seed += threads) {
            Seeds.Failure failure = new Seeds(seed, Math.min(threads, last - seed + 1), threads)
                    .run(variant)
                    .failure();
            if (failure != null) {
                String message = String.valueOf(failure.error().getMessage());
                return new Bite(
                        variant, failure.seed(), message.lines().findFirst().orElse(""));
            }
        }
        return new Bite(variant, 0, "");
    }

    /** Prints the table; true when all are caught. */
    static boolean print(PrintWriter out, List<Variant> variants, long seeds, int threads) {
        boolean all = true;
        for (Variant variant : variants) {
            Bite bite = bite(variant, 1, seeds, threads);
            all &= bite.seeds() > 0;
            out.println(line(bite));
            out.flush();
        }
        return all;
    }

    static String line(Bite bite) {
        String found = bite.seeds() == 0 ? "NOT CAUGHT" : "seed " + bite.seeds();
        String by = bite.by().length() > 150 ? bite.by().substring(0, 150) + "…" : bite.by();
        return String.format(
                Locale.ROOT,
                "%-36s %-11s %s%n    %s",
                bite.variant(),
                found,
                bite.variant().words(),
                by);
    }
}
