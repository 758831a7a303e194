package io.sluice.orchestrator.simulation;

import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code sluice simulate}: many short lives of a fleet, or one of them told event by event. */
@Command(
        name = "sluice simulate",
        mixinStandardHelpOptions = true,
        description = {
            "Lives of a fleet under everything that can go wrong, each from one number, checked after every event.",
            "The real planner, migration machine, reconciler, drain logic and agent logic; the database, the hosts,"
                    + " the network and the time are simulated.",
            "Exit codes: 0 everything held; 1 something did not, with the line that replays it; 2 wrong usage."
        })
final class SimulateCommand implements Callable<Integer> {
    @Spec
    @Nullable
    CommandSpec spec;

    @Option(names = "--seeds", paramLabel = "N", defaultValue = "200", description = "How many lives. Default: 200.")
    long seeds;

    @Option(names = "--seed", paramLabel = "S", description = "Only this one; with --seeds, the first of them.")
    @Nullable
    Long seed;

    @Option(names = "--trace", description = "Print every event of the seed (needs --seed).")
    boolean trace;

    @Option(
            names = "--variants",
            description = "Run the deliberately broken variants, and say after how many seeds each is caught.")
    boolean variants;

    @Option(names = "--variant", paramLabel = "NAME", description = "As --variants, this one alone; may be repeated.")
    List<Variant> chosen = List.of();

    @Option(names = "--threads", paramLabel = "N", description = "Default: one for each processor.")
    int threads = Runtime.getRuntime().availableProcessors();

    public static void main(String[] arguments) {
        System.exit(new CommandLine(new SimulateCommand()).execute(arguments));
    }

    @Override
    public Integer call() {
        PrintWriter out = out();
        boolean counted = spec != null && spec.commandLine().getParseResult().hasMatchedOption("--seeds");
        if (trace && (seed == null || counted)) {
            throw new CommandLine.ParameterException(
                    new CommandLine(this), "--trace tells one seed's story: give --seed S and no --seeds");
        }
        if (seeds < 1 || threads < 1) {
            throw new CommandLine.ParameterException(new CommandLine(this), "--seeds and --threads are at least 1");
        }
        Seeds.quiet();
        if (variants || !chosen.isEmpty()) {
            return Teeth.print(out, chosen.isEmpty() ? List.of(Variant.values()) : chosen, seeds, threads) ? 0 : 1;
        }
        long first = seed == null ? 1 : seed;
        return seed != null && !counted ? one(first, out) : many(first, out);
    }

    private PrintWriter out() {
        if (spec == null) {
            throw new IllegalStateException("picocli sets the spec");
        }
        return spec.commandLine().getOut();
    }

    private int one(long only, PrintWriter out) {
        Simulation simulation = Simulation.ofSeed(only, Flaw.NONE, trace ? out::println : line -> {});
        try {
            simulation.run();
        } catch (AssertionError e) {
            out.println("seed " + only + " fails: " + e.getMessage());
            out.println("replay: " + replay(only));
            return 1;
        }
        out.print(new Summary(simulation.statistics()).text());
        out.printf("story %016x%n", simulation.digest());
        return 0;
    }

    private int many(long first, PrintWriter out) {
        long began = System.nanoTime();
        Seeds.Outcome outcome = new Seeds(first, seeds, threads).run(Flaw.NONE);
        double seconds = (System.nanoTime() - began) / 1e9;
        Seeds.Failure failure = outcome.failure();
        if (failure != null) {
            out.println("seed " + failure.seed() + " fails: " + failure.error().getMessage());
            out.println("replay: " + replay(failure.seed()));
            return 1;
        }
        out.print(new Summary(outcome.statistics()).text());
        out.printf(
                Locale.ROOT,
                "%d seeds from %d held; %.1f s on %d threads, %.1f ms of a processor each%n",
                seeds,
                first,
                seconds,
                threads,
                seconds * 1_000 * threads / seeds);
        return 0;
    }

    /** The one line that shows a seed's story. */
    static String replay(long seed) {
        return "./sluice simulate --seed " + seed + " --trace";
    }
}
