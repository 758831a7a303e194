package io.sluice.orchestrator.cli;

import io.sluice.orchestrator.cli.bench.BenchCommand;
import io.sluice.orchestrator.cli.demo.DemoCommand;
import java.util.List;
import picocli.CommandLine;

/** Starts the {@code sluice} commands. No Spring lies on the way of a command that only asks the service. */
public final class Main {

    private Main() {}

    public static void main(String[] arguments) {
        System.exit(commandLine(Environment.ofProcess()).execute(arguments));
    }

    static CommandLine commandLine(Environment environment) {
        CommandLine root = new CommandLine(new SluiceCommand());
        for (CommandLine command : commands(environment)) {
            root.addSubcommand(command);
        }
        root.setCaseInsensitiveEnumValuesAllowed(true);
        root.setParameterExceptionHandler(Errors::wrongUsage);
        root.setExecutionExceptionHandler(Errors::failed);
        return root;
    }

    /** Every command of the program, in the order in which {@code --help} shows them. */
    private static List<CommandLine> commands(Environment environment) {
        return List.of(
                new CommandLine(new DemoCommand()),
                new CommandLine(new ServerCommand()),
                WorkersCommand.of(environment),
                VolumesCommand.of(environment),
                CopiesCommand.of(environment),
                CeilingsCommand.of(environment),
                AlarmsCommand.of(environment),
                WebhooksCommand.of(environment),
                new CommandLine(new DrainCommand(environment)),
                DrainsCommand.of(environment),
                PlansCommand.of(environment),
                MigrationsCommand.of(environment),
                BenchCommand.commandLine());
    }
}
