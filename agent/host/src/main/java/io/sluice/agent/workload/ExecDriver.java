package io.sluice.agent.workload;

import io.sluice.agent.api.ExecPrograms;
import io.sluice.agent.api.FailureKind;
import io.sluice.agent.api.WorkloadDefinition;
import io.sluice.agent.api.WorkloadStatus;
import io.sluice.agent.command.Command;
import io.sluice.agent.command.CommandResult;
import io.sluice.agent.command.Commands;
import io.sluice.agent.reconcile.DiskState;
import io.sluice.agent.reconcile.HostActionException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Driver {@code exec}; the package's description is its contract with the programs. */
final class ExecDriver implements Driver {
    /** A status program only looks; one that takes longer hangs. */
    private static final Duration STATUS_LIMIT = Duration.ofSeconds(10);

    private static final int STATUS_RUNNING = 0;
    /** As the Linux Standard Base has it for init scripts: program is not running. */
    private static final int STATUS_STOPPED = 3;

    private final Commands commands;
    private final Path outputs;
    private final WorkloadEnvironment environment;
    private final ControlGroupTree groups;

    /** Keeps each program's last output in {@code output}. */
    ExecDriver(Commands commands, Path directory, WorkloadEnvironment environment, ControlGroupTree groups) {
        this.commands = commands;
        this.outputs = directory.resolve("output");
        this.environment = environment;
        this.groups = groups;
    }

    @Override
    public void start(WorkloadDefinition workload, long epoch, List<DiskState> disks) {
        Map<String, String> variables = new HashMap<>(programs(workload).environment());
        variables.putAll(environment.toStart(workload, epoch, disks));
        String cgroup = workload.cgroup();
        if (cgroup != null) {
            variables.put("SLUICE_CGROUP", cgroup);
        }
        Duration grace = Duration.ofSeconds(workload.startGraceSeconds());
        succeed(Verb.START, workload, run("start", workload, programs(workload).start(), variables, grace));
    }

    @Override
    public void stop(WorkloadDefinition workload) {
        Duration grace = Duration.ofSeconds(workload.stopGraceSeconds());
        succeed(Verb.STOP, workload, run("stop", workload, programs(workload).stop(), variables(workload), grace));
    }

    @Override
    public WorkloadStatus status(WorkloadDefinition workload, WorkloadStatus before) {
        CommandResult result = run("status", workload, programs(workload).status(), variables(workload), STATUS_LIMIT);
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

    @Override
    public @Nullable Path controlGroup(WorkloadDefinition workload) {
        String cgroup = workload.cgroup();
        return cgroup != null && groups.populated(cgroup) ? groups.directory(cgroup) : null;
    }

    private Map<String, String> variables(WorkloadDefinition workload) {
        Map<String, String> variables = new HashMap<>(programs(workload).environment());
        variables.putAll(environment.of(workload));
        return variables;
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

    private static void succeed(Verb verb, WorkloadDefinition workload, CommandResult result) {
        String what = "the " + verb.word() + " program of workload " + workload.id();
        switch (result) {
            case CommandResult.Exited exited -> {
                if (exited.code() != 0) {
                    throw failed(verb.failed(), what + " " + result.words() + "; run it by hand");
                }
            }
            case CommandResult.TimedOut timedOut ->
                throw failed(
                        verb.timedOut(),
                        what + " " + result.words() + "; raise " + verb.word() + "GraceSeconds or cure it");
            case CommandResult.PrintedTooMuch tooMuch ->
                throw failed(verb.failed(), what + " " + result.words() + "; run it by hand");
            case CommandResult.NotStarted notStarted ->
                throw failed(verb.notStarted(), what + " " + result.words() + "; check its path and mode");
        }
    }

    private static HostActionException failed(String code, String message) {
        return new HostActionException(code, FailureKind.RETRY, message);
    }
}
