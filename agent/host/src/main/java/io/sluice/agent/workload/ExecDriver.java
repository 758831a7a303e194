package io.sluice.agent.workload;

import io.sluice.agent.api.ExecPrograms;
import io.sluice.agent.api.FailureKind;
import io.sluice.agent.api.VolumeId;
import io.sluice.agent.api.WorkloadDefinition;
import io.sluice.agent.api.WorkloadStatus;
import io.sluice.agent.command.Command;
import io.sluice.agent.command.CommandResult;
import io.sluice.agent.command.Commands;
import io.sluice.agent.reconcile.DiskState;
import io.sluice.agent.reconcile.HostActionException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** Driver {@code exec}; the package's description is its contract with the programs. */
final class ExecDriver implements Driver {
    /** A status program only looks; one that takes longer hangs. */
    private static final Duration STATUS_LIMIT = Duration.ofSeconds(10);

    private static final int STATUS_RUNNING = 0;
    /** As the Linux Standard Base has it for init scripts: program is not running. */
    private static final int STATUS_STOPPED = 3;

    private final Commands commands;
    private final Path outputs;
    private final Path states;

    /** Keeps each program's last output in {@code output}, and a directory for each workload's own use in {@code run}. */
    ExecDriver(Commands commands, Path directory) {
        this.commands = commands;
        this.outputs = directory.resolve("output");
        this.states = directory.resolve("run");
    }

    @Override
    public void start(WorkloadDefinition workload, long epoch, List<DiskState> disks) {
        Map<String, String> environment = environment(workload);
        environment.put("SLUICE_EPOCH", Long.toString(epoch));
        for (int i = 0; i < disks.size(); i++) {
            DiskState disk = disks.get(i);
            environment.put("SLUICE_DISK_" + i, disk.address());
            environment.put("SLUICE_DISK_" + i + "_USER", disk.user());
            environment.put(
                    "SLUICE_DISK_" + i + "_SECRET_FILE", disk.secretFile().toString());
        }
        Duration grace = Duration.ofSeconds(workload.startGraceSeconds());
        succeed("start", workload, run("start", workload, programs(workload).start(), environment, grace));
    }

    @Override
    public void stop(WorkloadDefinition workload) {
        Duration grace = Duration.ofSeconds(workload.stopGraceSeconds());
        succeed("stop", workload, run("stop", workload, programs(workload).stop(), environment(workload), grace));
    }

    @Override
    public WorkloadStatus status(WorkloadDefinition workload, WorkloadStatus before) {
        CommandResult result =
                run("status", workload, programs(workload).status(), environment(workload), STATUS_LIMIT);
        return switch (result) {
            case CommandResult.Exited exited ->
                switch (exited.code()) {
                    case STATUS_RUNNING -> WorkloadStatus.RUNNING;
                    case STATUS_STOPPED -> WorkloadStatus.STOPPED;
                    default -> WorkloadStatus.UNKNOWN;
                };
            case CommandResult.TimedOut late -> WorkloadStatus.UNKNOWN;
            case CommandResult.PrintedTooMuch tooMuch -> WorkloadStatus.UNKNOWN;
            case CommandResult.NotStarted notStarted -> WorkloadStatus.UNKNOWN;
        };
    }

    private static ExecPrograms programs(WorkloadDefinition workload) {
        ExecPrograms programs = workload.programs();
        if (programs == null) {
            throw new IllegalStateException("workload " + workload.id() + " has driver exec and no programs");
        }
        return programs;
    }

    private Map<String, String> environment(WorkloadDefinition workload) {
        Map<String, String> environment = new HashMap<>(programs(workload).environment());
        List<VolumeId> volumes = workload.volumes();
        environment.put("SLUICE_WORKLOAD", workload.id().value());
        environment.put("SLUICE_STATE", state(workload).toString());
        environment.put("SLUICE_VOLUMES", volumes.stream().map(VolumeId::value).collect(Collectors.joining(" ")));
        for (int i = 0; i < volumes.size(); i++) {
            environment.put("SLUICE_VOLUME_" + i, volumes.get(i).value());
        }
        return environment;
    }

    /** Made before a program runs, so that it may simply write there. */
    private Path state(WorkloadDefinition workload) {
        Path directory = states.resolve(workload.id().value());
        try {
            return Files.createDirectories(directory);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot make " + directory + " for workload " + workload.id(), e);
        }
    }

    private CommandResult run(
            String verb,
            WorkloadDefinition workload,
            List<String> program,
            Map<String, String> environment,
            Duration limit) {
        Path output = outputs.resolve(workload.id() + "." + verb + ".log");
        return commands.run(Command.logging(limit, program, environment, output));
    }

    private static void succeed(String verb, WorkloadDefinition workload, CommandResult result) {
        String what = "the " + verb + " program of workload " + workload.id();
        switch (result) {
            case CommandResult.Exited exited -> {
                if (exited.code() != 0) {
                    throw failed(verb + "_FAILED", what + " " + result.words() + "; run it by hand");
                }
            }
            case CommandResult.TimedOut timedOut ->
                throw failed(
                        verb + "_TIMED_OUT",
                        what + " " + result.words() + "; raise " + verb + "GraceSeconds or cure it");
            case CommandResult.PrintedTooMuch tooMuch ->
                throw failed(verb + "_FAILED", what + " " + result.words() + "; run it by hand");
            case CommandResult.NotStarted notStarted ->
                throw failed(verb + "_NOT_STARTED", what + " " + result.words() + "; check its path and mode");
        }
    }

    private static HostActionException failed(String code, String message) {
        return new HostActionException("WORKLOAD_" + code.toUpperCase(Locale.ROOT), FailureKind.RETRY, message);
    }
}
