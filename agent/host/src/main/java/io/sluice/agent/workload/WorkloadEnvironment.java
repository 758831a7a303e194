package io.sluice.agent.workload;

import io.sluice.agent.api.VolumeId;
import io.sluice.agent.api.WorkloadDefinition;
import io.sluice.agent.reconcile.DiskState;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What every program of a workload, and its unit, is told by its environment; the package's description lists it. */
final class WorkloadEnvironment {
    private final Path states;

    /** Keeps a directory for each workload's own use in {@code run}. */
    WorkloadEnvironment(Path directory) {
        this.states = directory.resolve("run");
    }

    Map<String, String> of(WorkloadDefinition workload) {
        Map<String, String> environment = new HashMap<>();
        List<VolumeId> volumes = workload.volumes();
        environment.put("SLUICE_WORKLOAD", workload.id().value());
        environment.put("SLUICE_STATE", state(workload).toString());
        environment.put("SLUICE_VOLUMES", volumes.stream().map(VolumeId::value).collect(Collectors.joining(" ")));
        for (int i = 0; i < volumes.size(); i++) {
            environment.put("SLUICE_VOLUME_" + i, volumes.get(i).value());
        }
        return environment;
    }

    Map<String, String> toStart(WorkloadDefinition workload, long epoch, List<DiskState> disks) {
        Map<String, String> environment = of(workload);
        environment.put("SLUICE_EPOCH", Long.toString(epoch));
        for (int i = 0; i < disks.size(); i++) {
            DiskState disk = disks.get(i);
            environment.put("SLUICE_DISK_" + i, disk.address());
            putIfAny(environment, "SLUICE_DISK_" + i + "_USER", disk.user());
            putIfAny(environment, "SLUICE_DISK_" + i + "_SECRET_FILE", disk.secretFile());
        }
        return environment;
    }

    private static void putIfAny(Map<String, String> environment, String name, @Nullable Object value) {
        if (value != null) {
            environment.put(name, value.toString());
        }
    }

    /** Made before a program runs, so that it may simply write there. */
    Path state(WorkloadDefinition workload) {
        Path directory = states.resolve(workload.id().value());
        try {
            return Files.createDirectories(directory);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot make " + directory + " for workload " + workload.id(), e);
        }
    }
}
