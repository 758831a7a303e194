package io.sluice.orchestrator.cli.demo;

import io.sluice.orchestrator.cli.progress.Terminal;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code sluice demo}. */
@Command(
        name = "demo",
        description = {
            "Drains a worker on this machine: an orchestrator, workers, workloads that write all the while, and the proof"
                    + " that nothing was lost. Every part is a process of its own; nothing is left behind.",
            ""
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:everything was verified and the worker is safe to power off",
            "1:something was not; the message says what, and where the logs are",
            "2:wrong usage, or something is missing on this machine"
        },
        mixinStandardHelpOptions = true)
public final class DemoCommand implements Callable<Integer> {

    private static final Pattern SIZE = Pattern.compile("(\\d{1,6})([KMGkmg])(i?[Bb])?");

    @Option(names = "--workers", defaultValue = "3", description = "Workers; the first is drained (default: 3)")
    private int workers;

    @Option(
            names = "--volumes",
            defaultValue = "6",
            description = "Volumes on the first worker, each with a workload (default: 6)")
    private int volumes;

    @Option(names = "--size", defaultValue = "256M", description = "Size of each volume (default: 256M)")
    private String size = "";

    @Option(
            names = "--rate",
            defaultValue = "32M",
            description =
                    "Ceiling of background copying per volume and second, or none (default: 32M, because all hosts share"
                            + " this machine's processors with the workloads)")
    private String rate = "";

    @Option(names = "--keep", description = "Keep everything running after the drain, until Ctrl-C")
    private boolean keep;

    @Option(names = "--json", description = "Print one JSON object to standard output, progress to standard error")
    private boolean json;

    @Option(names = "--directory", description = "Make the demo's folder here (default: the temporary folder)")
    private @Nullable Path directory;

    @Override
    public Integer call() {
        PrintWriter narration = new PrintWriter(json ? System.err : System.out, true, StandardCharsets.UTF_8);
        try {
            DemoOptions options = new DemoOptions(
                    workers,
                    volumes,
                    bytes("--size", size),
                    rate.equals("none") ? null : bytes("--rate", rate),
                    directory);
            Demo demo = new Demo(Installation.here(), options, narration, json ? null : Terminal.detect());
            return demo.run(keep, json ? new PrintWriter(System.out, true, StandardCharsets.UTF_8) : null);
        } catch (DemoFailure failure) {
            narration.println("sluice demo: " + failure.getMessage());
            return 2;
        }
    }

    private static long bytes(String option, String text) {
        Matcher matcher = SIZE.matcher(text);
        if (!matcher.matches()) {
            throw new DemoFailure(option + " '" + text + "': give a number with K, M or G, for example 256M");
        }
        long unit = switch (matcher.group(2).toUpperCase(Locale.ROOT)) {
            case "K" -> 1L << 10;
            case "M" -> 1L << 20;
            default -> 1L << 30;
        };
        return Long.parseLong(matcher.group(1)) * unit;
    }
}
