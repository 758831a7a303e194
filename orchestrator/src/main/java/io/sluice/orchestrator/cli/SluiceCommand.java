package io.sluice.orchestrator.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The root: says what there is. Its subcommands do the work. */
@Command(
        name = "sluice",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        synopsisSubcommandLabel = "COMMAND",
        description = "Drains worker hosts whose workloads sit on local disks: kill, clone, boot.",
        exitCodeListHeading = ExitCode.HEADING,
        exitCodeList = {
            ExitCode.TEXT_OK,
            ExitCode.TEXT_FAILED,
            ExitCode.TEXT_USAGE,
            ExitCode.TEXT_UNREACHABLE,
            ExitCode.TEXT_REFUSED,
            ExitCode.TEXT_BLOCKED,
            ExitCode.TEXT_CANCELLED
        })
final class SluiceCommand implements Runnable {

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public void run() {
        if (spec != null) {
            throw new ParameterException(spec.commandLine(), "a command is missing");
        }
    }
}
