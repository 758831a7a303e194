package io.sluice.agent.workload;

import io.sluice.agent.api.ExecPrograms;
import io.sluice.agent.api.ResourceRequest;
import io.sluice.agent.api.VolumeId;
import io.sluice.agent.api.WorkloadDefinition;
import io.sluice.agent.api.WorkloadId;
import io.sluice.agent.document.DocumentException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A workload as written in a file of {@code workloads.d}: the definition, with keys that may be left out. */
record Declaration(
        @Nullable WorkloadId id,
        @Nullable List<VolumeId> volumes,
        @Nullable String driver,
        @Nullable Programs programs,
        @Nullable String group,
        @Nullable Map<String, String> labels,
        @Nullable ResourceRequest request,
        @Nullable Long stopGraceSeconds,
        @Nullable Long startGraceSeconds) {

    static final String EXEC = "exec";
    static final String NONE = "none";

    /** Long enough for a database to write back its cache, short enough that a hung one is noticed the same day. */
    private static final long DEFAULT_GRACE_SECONDS = 60;

    record Programs(
            @Nullable List<String> start,
            @Nullable List<String> stop,
            @Nullable List<String> status,
            @Nullable Map<String, String> environment) {}

    static Declaration of(WorkloadDefinition definition) {
        ExecPrograms exec = definition.programs();
        return new Declaration(
                definition.id(),
                definition.volumes(),
                definition.driver(),
                exec == null ? null : new Programs(exec.start(), exec.stop(), exec.status(), exec.environment()),
                definition.group(),
                definition.labels(),
                definition.request(),
                definition.stopGraceSeconds(),
                definition.startGraceSeconds());
    }

    WorkloadDefinition check(Path file) {
        if (id == null) {
            throw new DocumentException(file, "id", "is missing: name the workload");
        }
        String kind = driver == null ? EXEC : driver;
        return new WorkloadDefinition(
                id,
                volumes == null ? List.of() : volumes,
                kind,
                programs(file, kind),
                group,
                labels == null ? Map.of() : labels,
                request == null ? ResourceRequest.NONE : request,
                grace(file, "stopGraceSeconds", stopGraceSeconds),
                grace(file, "startGraceSeconds", startGraceSeconds));
    }

    private static long grace(Path file, String key, @Nullable Long seconds) {
        if (seconds != null && (seconds < 1 || seconds > 86_400)) {
            throw new DocumentException(file, key, seconds + " is out of range: give 1 to 86400");
        }
        return seconds == null ? DEFAULT_GRACE_SECONDS : seconds;
    }

    private @Nullable ExecPrograms programs(Path file, String kind) {
        return switch (kind) {
            case EXEC -> {
                if (programs == null) {
                    throw new DocumentException(
                            file, "programs", "is missing: driver exec needs start, stop and status");
                }
                yield new ExecPrograms(
                        program(file, "programs.start", programs.start()),
                        program(file, "programs.stop", programs.stop()),
                        program(file, "programs.status", programs.status()),
                        programs.environment() == null ? Map.of() : programs.environment());
            }
            case NONE -> {
                if (programs != null) {
                    throw new DocumentException(file, "programs", "has no meaning with driver none: remove it");
                }
                yield null;
            }
            default -> throw new DocumentException(file, "driver", "'" + kind + "' is not known: use exec or none");
        };
    }

    private static List<String> program(Path file, String key, @Nullable List<String> arguments) {
        if (arguments == null || arguments.isEmpty()) {
            throw new DocumentException(file, key, "is missing: give the program's path and its arguments as a list");
        }
        return arguments;
    }
}
