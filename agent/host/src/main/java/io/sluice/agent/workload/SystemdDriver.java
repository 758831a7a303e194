package io.sluice.agent.workload;

import io.sluice.agent.api.FailureKind;
import io.sluice.agent.api.WorkloadDefinition;
import io.sluice.agent.api.WorkloadStatus;
import io.sluice.agent.command.Command;
import io.sluice.agent.command.CommandResult;
import io.sluice.agent.command.Commands;
import io.sluice.agent.ledger.DurableFile;
import io.sluice.agent.reconcile.DiskState;
import io.sluice.agent.reconcile.HostActionException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Driver {@code systemd}: a unit, started, stopped and looked at by systemctl(1). It is disabled before it is stopped, so that a
 * reboot at any point does not start it where it may not run, and enabled once it runs.
 */
final class SystemdDriver implements Driver {
    /** The manager only answers; one that does not is stuck. */
    private static final Duration QUESTION_LIMIT = Duration.ofSeconds(10);

    private final Commands commands;
    private final WorkloadEnvironment environment;
    private final ControlGroupTree groups;

    SystemdDriver(Commands commands, WorkloadEnvironment environment, ControlGroupTree groups) {
        this.commands = commands;
        this.environment = environment;
        this.groups = groups;
    }

    /** The file the unit takes its environment from is durable before the unit starts: it may start again by itself. */
    @Override
    public void start(WorkloadDefinition workload, long epoch, List<DiskState> disks) {
        Map<String, String> variables = new TreeMap<>(environment.toStart(workload, epoch, disks));
        String lines = variables.entrySet().stream()
                .map(one -> one.getKey() + "=\"" + one.getValue() + "\"\n")
                .collect(Collectors.joining());
        DurableFile.write(environment.state(workload).resolve("environment"), lines.getBytes(StandardCharsets.UTF_8));
        Duration grace = Duration.ofSeconds(workload.startGraceSeconds());
        systemctl(Verb.START, workload, grace, "start");
        systemctl(Verb.START, workload, QUESTION_LIMIT, "enable");
    }

    @Override
    public void stop(WorkloadDefinition workload) {
        systemctl(Verb.STOP, workload, QUESTION_LIMIT, "disable");
        systemctl(Verb.STOP, workload, Duration.ofSeconds(workload.stopGraceSeconds()), "stop");
        UnitState left = look(workload);
        if (left == null || left.status(groups) != WorkloadStatus.STOPPED) {
            throw new HostActionException(
                    Verb.STOP.failed(),
                    FailureKind.RETRY,
                    "unit " + unit(workload) + " of workload " + workload.id() + " was stopped but is "
                            + (left == null ? "in an unknown state" : left.words())
                            + ": processes may be left (KillMode=); see systemctl status " + unit(workload));
        }
    }

    @Override
    public WorkloadStatus status(WorkloadDefinition workload, WorkloadStatus before) {
        UnitState state = look(workload);
        return state == null ? WorkloadStatus.UNKNOWN : state.status(groups);
    }

    @Override
    public @Nullable Path controlGroup(WorkloadDefinition workload) {
        UnitState state = look(workload);
        return state == null || state.controlGroup().isEmpty() ? null : groups.directory(state.controlGroup());
    }

    private @Nullable UnitState look(WorkloadDefinition workload) {
        CommandResult result = commands.run(Command.capturing(
                QUESTION_LIMIT,
                "systemctl",
                "show",
                "--property=ActiveState,SubState,ControlGroup",
                "--",
                unit(workload)));
        return result instanceof CommandResult.Exited exited && exited.code() == 0
                ? UnitState.read(exited.output())
                : null;
    }

    private void systemctl(Verb asked, WorkloadDefinition workload, Duration limit, String verb) {
        CommandResult result = commands.run(
                Command.capturing(limit, "systemctl", "--no-ask-password", "--quiet", verb, "--", unit(workload)));
        if (!result.succeeded()) {
            throw new HostActionException(
                    result instanceof CommandResult.TimedOut ? asked.timedOut() : asked.failed(),
                    FailureKind.RETRY,
                    "systemctl " + verb + " " + unit(workload) + " for workload " + workload.id() + " " + result.words()
                            + "; see systemctl status and the unit's journal");
        }
    }

    private static String unit(WorkloadDefinition workload) {
        String unit = workload.unit();
        if (unit == null) {
            throw new IllegalStateException("workload " + workload.id() + " has driver systemd and no unit");
        }
        return unit;
    }
}
