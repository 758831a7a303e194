package io.sluice.iscsi.cli;

import io.sluice.iscsi.block.BlockDevice;
import io.sluice.iscsi.block.BlockDeviceException;
import io.sluice.iscsi.block.FileDisk;
import io.sluice.iscsi.login.Admission;
import io.sluice.iscsi.login.ChapCredentials;
import io.sluice.iscsi.netty.TargetDefinition;
import io.sluice.iscsi.netty.TargetServer;
import io.sluice.iscsi.netty.TargetServerConfig;
import io.sluice.iscsi.pace.Rate;
import io.sluice.iscsi.reservation.FileReservationStore;
import io.sluice.iscsi.scsi.LogicalUnit;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code target}: serves files or block devices over iSCSI until interrupted. */
@Command(
        name = "target",
        sortOptions = false,
        description = "Serves files or block devices over iSCSI until interrupted.",
        exitCodeListHeading = "Exit codes:%n",
        exitCodeList = {
            "2:an option is missing or makes no sense",
            "3:a file cannot be opened, or the portal cannot be listened on",
            "130, 143:interrupted (SIGINT, SIGTERM) after it had served"
        },
        footer = "A secret is the whole content of its file but for white space around it.")
public final class TargetCommand implements Callable<Integer> {
    static final int USAGE = 2;
    static final int FAILED = 3;

    @Spec
    private @Nullable CommandSpec spec;

    @Option(names = "--portal", required = true, paramLabel = "HOST:PORT", description = "Where to listen.")
    private String portal = "";

    @Option(names = "--iqn", required = true, paramLabel = "IQN", description = "Name of the target.")
    private String iqn = "";

    @Option(
            names = "--lun",
            required = true,
            paramLabel = "FILE[,ro]",
            description = "What to serve, ',ro' for read-only. Repeatable; LUNs count from 0.")
    private List<String> luns = List.of();

    @Option(
            names = "--block-size",
            paramLabel = "BYTES",
            description = "Bytes of a logical block, 512 or 4096 (default: ${DEFAULT-VALUE}).")
    private int blockBytes = 512;

    @Option(names = "--removable", description = "Initiators may eject what is served, and load it again.")
    private boolean removable;

    @Option(
            names = "--state",
            paramLabel = "DIR",
            description = "Where persistent reservations are kept over a restart (default: nowhere).")
    private @Nullable Path state;

    @Option(names = "--initiator", paramLabel = "IQN", description = "The one initiator admitted (default: any).")
    private @Nullable String initiator;

    @Option(names = "--chap", paramLabel = "USER", description = "The user that initiators authenticate as.")
    private @Nullable String chapUser;

    @Option(names = "--chap-secret-file", paramLabel = "FILE", description = "That user's secret.")
    private @Nullable Path chapSecretFile;

    @Option(names = "--mutual", paramLabel = "USER", description = "The user that the target authenticates as.")
    private @Nullable String mutualUser;

    @Option(names = "--mutual-secret-file", paramLabel = "FILE", description = "That user's secret.")
    private @Nullable Path mutualSecretFile;

    public static void main(String[] arguments) {
        if (System.getProperty("logback.configurationFile") == null) {
            System.setProperty("logback.configurationFile", "io/sluice/iscsi/cli/logback.xml");
        }
        System.exit(commandLine().execute(arguments));
    }

    static CommandLine commandLine() {
        CommandLine commandLine = new CommandLine(new TargetCommand());
        commandLine
                .getCommandSpec()
                .addOption(OptionSpec.builder("--help")
                        .usageHelp(true)
                        .description("Shows this help.")
                        .build());
        return commandLine
                .setParameterExceptionHandler((problem, arguments) -> {
                    PrintWriter err = problem.getCommandLine().getErr();
                    err.println("target: " + problem.getMessage());
                    err.println("Run it with --help for its options.");
                    return USAGE;
                })
                .setExecutionExceptionHandler((problem, failed, parsed) -> {
                    failed.getErr().println("target: " + problem.getMessage());
                    return problem instanceof TargetFailure failure ? failure.exitCode() : FAILED;
                });
    }

    @Override
    public Integer call() {
        if (blockBytes != 512 && blockBytes != 4096) {
            throw TargetInput.usage("--block-size %d: a logical block has 512 or 4096 bytes".formatted(blockBytes));
        }
        InetSocketAddress address = TargetInput.portal(portal);
        Admission admission = admission();
        List<BlockDevice> devices = new ArrayList<>();
        try (Interruption interruption = new Interruption()) {
            return serve(address, admission, devices, interruption);
        }
    }

    private int serve(
            InetSocketAddress address, Admission admission, List<BlockDevice> devices, Interruption interruption) {
        try {
            List<LogicalUnit> units = new ArrayList<>();
            for (TargetInput.Lun lun : luns.stream().map(TargetInput.Lun::parse).toList()) {
                BlockDevice device = open(lun);
                devices.add(device);
                LogicalUnit.Medium medium = removable ? LogicalUnit.Medium.REMOVABLE : LogicalUnit.Medium.FIXED;
                units.add(new LogicalUnit(device, serial(units.size()), lun.readOnly(), medium));
            }
            serve(address, definition(units, admission), interruption);
            return 0;
        } finally {
            devices.forEach(BlockDevice::close);
        }
    }

    private void serve(InetSocketAddress address, TargetDefinition definition, Interruption interruption) {
        try (TargetServer server = TargetServer.start(config(address))) {
            server.serve(definition);
            InetSocketAddress bound = server.address();
            for (int lun = 0; lun < luns.size(); lun++) {
                out("serving %s as iscsi://%s:%d/%s/%d"
                        .formatted(luns.get(lun), bound.getAddress().getHostAddress(), bound.getPort(), iqn, lun));
            }
            interruption.await();
        } catch (UncheckedIOException e) {
            String reason = e.getCause() == null ? e.getMessage() : e.getCause().getMessage();
            throw new TargetFailure(FAILED, "--portal %s: %s".formatted(portal, reason), e);
        }
    }

    private TargetServerConfig config(InetSocketAddress address) {
        TargetServerConfig config = TargetServerConfig.on(address);
        Path directory = state;
        if (directory == null) {
            return config;
        }
        try {
            return config.keeping(FileReservationStore.in(directory));
        } catch (UncheckedIOException e) {
            throw new TargetFailure(
                    FAILED, "--state %s cannot be made: name a directory that can".formatted(directory), e);
        }
    }

    private BlockDevice open(TargetInput.Lun lun) {
        try {
            return FileDisk.open(lun.file(), blockBytes, lun.readOnly());
        } catch (BlockDeviceException e) {
            throw new TargetFailure(FAILED, "--lun %s: %s".formatted(lun.file(), e.getMessage()), e);
        }
    }

    private TargetDefinition definition(List<LogicalUnit> units, Admission admission) {
        try {
            return new TargetDefinition(iqn, units, admission, Rate.UNLIMITED);
        } catch (IllegalArgumentException e) {
            throw new TargetFailure(USAGE, "--iqn: " + e.getMessage(), e);
        }
    }

    private Admission admission() {
        ChapCredentials chap = TargetInput.credentials("chap", chapUser, chapSecretFile);
        ChapCredentials mutual = TargetInput.credentials("mutual", mutualUser, mutualSecretFile);
        try {
            return new Admission(initiator, chap, mutual);
        } catch (IllegalArgumentException e) {
            throw new TargetFailure(USAGE, e.getMessage() + ": check --chap and --mutual", e);
        }
    }

    /** The same for the same target and LUN, whenever it is served. */
    private String serial(int lun) {
        return UUID.nameUUIDFromBytes((iqn + "/" + lun).getBytes(StandardCharsets.UTF_8))
                .toString()
                .replace("-", "")
                .substring(0, 16);
    }

    private void out(String line) {
        if (spec != null) {
            PrintWriter out = spec.commandLine().getOut();
            out.println(line);
            out.flush();
        }
    }
}
