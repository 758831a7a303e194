package io.sluice.iscsi.bench;

import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.OptionSpec;

/** {@code bench}: measures, on this machine. */
@Command(name = "bench", sortOptions = false, description = "Measures how fast parts of Sluice are on this machine.")
public final class BenchCommand {

    private static final int USAGE = 2;
    private static final int FAILED = 1;

    public static void main(String[] arguments) {
        if (System.getProperty("logback.configurationFile") == null) {
            System.setProperty("logback.configurationFile", "io/sluice/iscsi/cli/logback.xml");
        }
        System.exit(commandLine().execute(arguments));
    }

    static CommandLine commandLine() {
        CommandLine commandLine = new CommandLine(new BenchCommand())
                .addSubcommand(new TargetBench())
                .addSubcommand(new BareCommand())
                .addSubcommand(new ExportsCommand());
        addHelp(commandLine);
        commandLine.getSubcommands().values().forEach(BenchCommand::addHelp);
        return commandLine
                .setParameterExceptionHandler((problem, arguments) -> {
                    PrintWriter err = problem.getCommandLine().getErr();
                    err.println("bench: " + problem.getMessage());
                    err.println("Run it with --help for its options.");
                    return USAGE;
                })
                .setExecutionExceptionHandler((problem, failed, parsed) -> {
                    failed.getErr().println("bench: " + problem.getMessage());
                    return FAILED;
                });
    }

    private static void addHelp(CommandLine commandLine) {
        commandLine
                .getCommandSpec()
                .addOption(OptionSpec.builder("--help")
                        .usageHelp(true)
                        .description("Shows this help.")
                        .build());
    }
}
