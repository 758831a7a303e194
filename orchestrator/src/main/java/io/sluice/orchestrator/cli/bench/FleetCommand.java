package io.sluice.orchestrator.cli.bench;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;

/** {@code bench fleet}. */
@Command(
        name = "fleet",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Measures the orchestrator at fleet size: simulated agents over HTTP on loopback against an orchestrator in a process",
            "of its own and a PostgreSQL, and the same once more with a tenth of the workers, to see how each figure grows."
        },
        footer = {
            "",
            "All of it takes about a quarter of an hour; the machine should have nothing else to do. --workers 500 --volumes 6000 --seconds 5",
            "--no-growth is a quick try."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:measured", "1:could not be measured, the message says why", "2:wrong usage"})
final class FleetCommand implements Callable<Integer> {
    private static final int FAILED = 1;

    @Spec
    private @Nullable CommandSpec spec;

    @Option(names = "--workers", paramLabel = "N", defaultValue = "10000", description = "(default: ${DEFAULT-VALUE})")
    private int workers;

    @Option(names = "--volumes", paramLabel = "N", defaultValue = "100000", description = "(default: ${DEFAULT-VALUE})")
    private int volumes;

    @Option(
            names = "--largest",
            paramLabel = "N",
            defaultValue = "1000",
            description =
                    "volumes of the one worker that is planned, and whose drain's page is shown (default: ${DEFAULT-VALUE})")
    private int largest;

    @Option(
            names = "--migrations",
            paramLabel = "N",
            defaultValue = "1000",
            description = "kept live while the fleet is loaded (default: ${DEFAULT-VALUE})")
    private int migrations;

    @Option(
            names = "--seconds",
            paramLabel = "S",
            defaultValue = "30",
            description = "of each part (default: ${DEFAULT-VALUE})")
    private double seconds;

    @Option(
            names = "--hydration",
            paramLabel = "S",
            defaultValue = "300",
            description =
                    "how long each volume's copying takes while the fleet is loaded at an even pace (default: ${DEFAULT-VALUE})")
    private double hydration;

    @Option(
            names = "--heap",
            paramLabel = "MIB",
            defaultValue = "3072",
            description = "the orchestrator's heap at most (default: ${DEFAULT-VALUE})")
    private int heap;

    @Option(
            names = "--growth",
            negatable = true,
            defaultValue = "true",
            fallbackValue = "true",
            description = "also with a tenth of the workers (default: ${DEFAULT-VALUE})")
    private boolean growth;

    @Option(names = "--profile", description = "say what took the database most time")
    private boolean profile;

    @Option(names = "--json", description = "print one JSON object instead of a table")
    private boolean json;

    @Option(
            names = "--directory",
            paramLabel = "DIR",
            defaultValue = "${sys:java.io.tmpdir}",
            description = "where the database lies meanwhile (default: ${DEFAULT-VALUE})")
    private Path directory = Path.of("");

    @Override
    public Integer call() throws InterruptedException {
        PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        quiet();
        try {
            FleetSize size = new FleetSize(workers, volumes, largest, migrations);
            Machine.requireRoomFor(size, heap);
            FleetBench.Settings settings = new FleetBench.Settings(seconds, hydration, heap, profile);
            FleetResult smaller = growth ? run(size.tenth(), settings, err) : null;
            FleetResult result = run(size, settings, err);
            FleetResult whole = smaller == null ? result : result.with(smaller);
            out.println(json ? JsonMapper.shared().writeValueAsString(whole) : FleetTable.of(whole));
            out.flush();
            return 0;
        } catch (BenchFailure e) {
            err.println("bench fleet: " + e.getMessage());
        } catch (IOException | SQLException e) {
            err.println("bench fleet: " + e);
        }
        err.flush();
        return FAILED;
    }

    /** Of the database's start only what goes wrong is of interest here. */
    private static void quiet() {
        if (LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME) instanceof Logger root) {
            root.setLevel(Level.WARN);
        }
    }

    private FleetResult run(FleetSize size, FleetBench.Settings settings, PrintWriter progress)
            throws IOException, SQLException, InterruptedException {
        Path place = Files.createTempDirectory(directory, "sluice-bench-fleet-");
        try {
            return FleetBench.run(size, settings, place, progress);
        } finally {
            delete(place);
        }
    }

    private static void delete(Path place) throws IOException {
        List<Path> paths;
        try (Stream<Path> found = Files.walk(place)) {
            paths = found.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path path : paths) {
            Files.deleteIfExists(path);
        }
    }
}
