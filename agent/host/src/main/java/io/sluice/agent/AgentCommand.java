package io.sluice.agent;

import io.sluice.agent.api.VolumeId;
import io.sluice.agent.check.CheckReport;
import io.sluice.agent.check.HostAbilities;
import io.sluice.agent.check.HostProbe;
import io.sluice.agent.check.PeerCheck;
import io.sluice.agent.command.ProcessCommands;
import io.sluice.agent.document.DocumentException;
import io.sluice.agent.ledger.LedgerException;
import io.sluice.iscsi.block.BlockDeviceException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
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
            "5:--check found something missing; the report says what and the remedy",
            "143, 130:it was ended by SIGTERM or SIGINT, in good order"
        })
public final class AgentCommand implements Callable<Integer> {
    static final int BAD_CONFIGURATION = 3;
    static final int BAD_STATE = 4;
    static final int SOMETHING_MISSING = 5;

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

    @Option(names = "--check", description = "say what this host can do and the remedy for what is missing, and end")
    private boolean check;

    @Option(
            names = "--peer",
            paramLabel = "HOST:PORT",
            description = "with --check: look whether that worker's iSCSI portal is reached from here, too")
    private @Nullable String peer;

    @Option(names = "--json", description = "with --check: for programs")
    private boolean json;

    @Option(
            names = "--missing",
            paramLabel = "VOLUME",
            description =
                    "print the bytes of an arriving volume that only its source has, FIRST-LAST a line, and end; the"
                            + " agent may run meanwhile")
    private @Nullable String missing;

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
        if (check) {
            return check(configuration, out);
        }
        if (missing != null) {
            MissingListing.print(configuration.stateDirectory(), new VolumeId(missing), out);
            return CommandLine.ExitCode.OK;
        }
        if (peer != null || json) {
            throw new CommandLine.ParameterException(spec.commandLine(), "--peer and --json go with --check");
        }
        try (AgentRuntime runtime = AgentRuntime.open(configuration)) {
            runtime.run();
        }
        return CommandLine.ExitCode.OK;
    }

    private int check(AgentConfiguration configuration, PrintWriter out) {
        HostAbilities abilities = HostProbe.look(new ProcessCommands());
        if (peer != null) {
            abilities = abilities.and(PeerCheck.look(
                    address(peer), configuration.portals().advertised().toString()));
        }
        out.print(json ? CheckReport.json(abilities) : CheckReport.words(abilities));
        out.flush();
        return abilities.complete() ? CommandLine.ExitCode.OK : SOMETHING_MISSING;
    }

    private InetSocketAddress address(String text) {
        int colon = text.lastIndexOf(':');
        try {
            return new InetSocketAddress(
                    text.substring(0, Math.max(0, colon)), Integer.parseInt(text.substring(colon + 1)));
        } catch (IllegalArgumentException e) {
            throw new CommandLine.ParameterException(
                    spec.commandLine(), "--peer '" + text + "' is no address: write HOST:PORT", e);
        }
    }
}
