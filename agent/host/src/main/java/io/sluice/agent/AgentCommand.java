package io.sluice.agent;

import io.sluice.agent.document.DocumentException;
import io.sluice.agent.ledger.LedgerException;
import io.sluice.iscsi.block.BlockDeviceException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The command {@code sluice agent}. */
@Command(
        name = "agent",
        mixinStandardHelpOptions = true,
        description =
                "Runs the agent of one worker until it is ended by SIGTERM or SIGINT; workloads go on without it.",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:it printed what it was asked for",
            "1:it failed; the message says at what",
            "2:the command line is wrong",
            "3:the configuration cannot be used; the message names file, key and remedy",
            "4:the state directory or a pool cannot be used, or another agent uses it",
            "143, 130:it was ended by SIGTERM or SIGINT, in good order"
        })
public final class AgentCommand implements Callable<Integer> {
    static final int BAD_CONFIGURATION = 3;
    static final int BAD_STATE = 4;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Option(
            names = "--config",
            required = true,
            paramLabel = "FILE",
            description = "configuration file; deploy/agent/agent.yaml documents every key")
    @SuppressWarnings("NullAway.Init")
    private Path config;

    @Option(names = "--print-config", description = "print what is in force, secrets withheld, and end")
    private boolean printConfig;

    public static void main(String[] arguments) {
        int code = execute(
                arguments,
                new PrintWriter(System.out, true, StandardCharsets.UTF_8),
                new PrintWriter(System.err, true, StandardCharsets.UTF_8));
        System.exit(code);
    }

    static int execute(String[] arguments, PrintWriter out, PrintWriter err) {
        return new CommandLine(new AgentCommand())
                .setOut(out)
                .setErr(err)
                .setExecutionExceptionHandler((e, line, parsed) -> {
                    line.getErr().println("agent: " + e.getMessage());
                    return switch (e) {
                        case DocumentException bad -> BAD_CONFIGURATION;
                        case LedgerException bad -> BAD_STATE;
                        case UncheckedIOException bad -> BAD_STATE;
                        case BlockDeviceException bad -> BAD_STATE;
                        default -> CommandLine.ExitCode.SOFTWARE;
                    };
                })
                .execute(arguments);
    }

    @Override
    public Integer call() throws Exception {
        AgentConfiguration configuration = ConfigurationReader.read(config);
        PrintWriter out = spec.commandLine().getOut();
        if (printConfig) {
            out.print(PrintedConfiguration.print(configuration));
            out.flush();
            return CommandLine.ExitCode.OK;
        }
        try (AgentRuntime runtime = AgentRuntime.open(configuration)) {
            runtime.run();
        }
        return CommandLine.ExitCode.OK;
    }
}
