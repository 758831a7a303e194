package io.sluice.orchestrator.cli.bench;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code bench}: what of the orchestrator is measured. */
@Command(
        name = "bench",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        description = "Measures how fast the orchestrator is on this machine.",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:measured", "1:could not be measured, the message says why", "2:wrong usage"})
public final class BenchCommand implements Runnable {
    @Spec
    private @Nullable CommandSpec spec;

    private BenchCommand() {}

    public static CommandLine commandLine() {
        return new CommandLine(new BenchCommand()).addSubcommand(new FleetCommand());
    }

    @Override
    public void run() {
        if (spec != null) {
            throw new ParameterException(spec.commandLine(), "a command is missing");
        }
    }
}
