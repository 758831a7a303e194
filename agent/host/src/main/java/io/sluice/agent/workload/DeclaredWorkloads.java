package io.sluice.agent.workload;

import io.sluice.agent.api.FailureKind;
import io.sluice.agent.api.FailureReport;
import io.sluice.agent.api.VolumeId;
import io.sluice.agent.api.WorkloadDefinition;
import io.sluice.agent.api.WorkloadId;
import io.sluice.agent.api.WorkloadStatus;
import io.sluice.agent.command.Commands;
import io.sluice.agent.ledger.DurableRecord;
import io.sluice.agent.reconcile.Autostart;
import io.sluice.agent.reconcile.DiskState;
import io.sluice.agent.reconcile.HostActionException;
import io.sluice.agent.reconcile.Workloads;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The workloads of this host. {@link #observe()} tells what is known, {@link #refresh()} reads the declarations again and asks
 * every status program. What a stop or start program returned counts at once, so that a cutover waits for no further look.
 */
public final class DeclaredWorkloads implements Workloads, ControlGroups {
    private static final Logger log = LoggerFactory.getLogger(DeclaredWorkloads.class);

    private final Declarations declarations;
    private final Path autostarts;
    private final Driver exec;
    private final Driver systemd;
    private final Driver none = new NoneDriver();
    private final Map<WorkloadId, Declared> declared = new ConcurrentHashMap<>();
    private volatile List<FailureReport> problems = List.of();

    /**
     * Keeps autostart marks and the programs' outputs below the state directory.
     *
     * @param directory {@code workloads.d}
     */
    public DeclaredWorkloads(Path directory, Path stateDirectory, Commands commands) {
        this(directory, stateDirectory, commands, ControlGroupTree.ofHost());
    }

    DeclaredWorkloads(Path directory, Path stateDirectory, Commands commands, ControlGroupTree groups) {
        this.declarations = new Declarations(directory);
        this.autostarts = stateDirectory.resolve("autostart");
        WorkloadEnvironment environment = new WorkloadEnvironment(stateDirectory);
        this.exec = new ExecDriver(commands, stateDirectory, environment, groups);
        this.systemd = new SystemdDriver(commands, environment, groups);
        try {
            Files.createDirectories(autostarts);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot make " + autostarts, e);
        }
        readDeclarations();
    }

    /** Slow: runs programs. Not needed after actions. */
    public void refresh() {
        readDeclarations();
        try (ExecutorService looking = Executors.newVirtualThreadPerTaskExecutor()) {
            declared.values().forEach(workload -> looking.execute(() -> look(workload)));
        }
    }

    private synchronized void readDeclarations() {
        Declarations.Read read = declarations.read();
        read.definitions().forEach((file, definition) -> {
            Declared known = declared.get(definition.id());
            if (known == null) {
                declared.put(definition.id(), first(file, definition));
            } else {
                known.declaredIn(file, definition);
            }
        });
        // A file that has gone bad says nothing: what it declared stays as it was, its disks and process too.
        declared.values().removeIf(known -> !Files.exists(known.file()));
        problems = List.copyOf(read.problems());
    }

    private Declared first(Path file, WorkloadDefinition definition) {
        AutostartMark mark = mark(definition.id()).read();
        Autostart autostart = mark == null ? new Autostart.On() : mark.autostart();
        WorkloadStatus status = switch (definition.driver()) {
            case Declaration.NONE ->
                autostart instanceof Autostart.On ? WorkloadStatus.RUNNING : WorkloadStatus.STOPPED;
            default -> WorkloadStatus.UNKNOWN;
        };
        return new Declared(file, definition, autostart, status);
    }

    private void look(Declared workload) {
        long before = workload.changes();
        try {
            workload.saw(driver(workload.definition()).status(workload.definition(), workload.status()), before);
        } catch (RuntimeException e) {
            log.warn("status unknown workload={}", workload.definition().id(), e);
            workload.saw(WorkloadStatus.UNKNOWN, before);
        }
    }

    private Driver driver(WorkloadDefinition definition) {
        return switch (definition.driver()) {
            case Declaration.NONE -> none;
            case Declaration.SYSTEMD -> systemd;
            default -> exec;
        };
    }

    private DurableRecord<AutostartMark> mark(WorkloadId workload) {
        return new DurableRecord<>(autostarts.resolve(workload + ".json"), AutostartMark.class);
    }

    @Override
    public Found observe() {
        return new Found(
                declared.values().stream()
                        .map(Declared::state)
                        .sorted((one, other) -> one.id().compareTo(other.id()))
                        .toList(),
                new ArrayList<>(problems));
    }

    @Override
    public synchronized void declare(WorkloadDefinition definition, Autostart autostart) {
        writeMark(definition.id(), autostart);
        Path file = declarations.write(definition);
        Declared before = declared.get(definition.id());
        if (before != null && !before.file().equals(file)) {
            declarations.remove(before.file());
        }
        declared.put(definition.id(), new Declared(file, definition, autostart, WorkloadStatus.STOPPED));
    }

    @Override
    public synchronized void remove(WorkloadId workload) {
        Declared known = declared.get(workload);
        if (known != null) {
            declarations.remove(known.file());
            mark(workload).remove();
            declared.remove(workload);
        }
    }

    @Override
    public void setAutostart(WorkloadId workload, Autostart autostart) {
        Declared known = require(workload);
        writeMark(workload, autostart);
        known.autostart(autostart);
    }

    private void writeMark(WorkloadId workload, Autostart autostart) {
        AutostartMark mark = AutostartMark.of(autostart);
        if (mark == null) {
            mark(workload).remove();
        } else {
            mark(workload).write(mark);
        }
    }

    @Override
    public void stop(WorkloadId workload) {
        Declared known = require(workload);
        known.changing();
        driver(known.definition()).stop(known.definition());
        known.changed(WorkloadStatus.STOPPED);
    }

    @Override
    public void start(WorkloadId workload, long epoch, List<DiskState> disks) {
        Declared known = require(workload);
        if (known.state().held()) {
            throw new IllegalStateException("workload " + workload + " is held and must not be started");
        }
        known.changing();
        try {
            driver(known.definition()).start(known.definition(), epoch, disks);
        } catch (HostActionException e) {
            look(known);
            throw e;
        }
        known.changed(WorkloadStatus.RUNNING);
    }

    @Override
    public @Nullable Path of(VolumeId volume) {
        for (Declared known : declared.values()) {
            WorkloadDefinition definition = known.definition();
            if (definition.volumes().contains(volume)) {
                return driver(definition).controlGroup(definition);
            }
        }
        return null;
    }

    private Declared require(WorkloadId workload) {
        Declared known = declared.get(workload);
        if (known == null) {
            throw new HostActionException(
                    "WORKLOAD_UNKNOWN",
                    FailureKind.RETRY,
                    "workload " + workload + " is not declared on this host any more: put its file back");
        }
        return known;
    }
}
