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
import java.util.regex.Pattern;
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
        @Nullable Long startGraceSeconds,
        @Nullable String unit,
        @Nullable String cgroup) {

    static final String EXEC = "exec";
    static final String NONE = "none";
    static final String SYSTEMD = "systemd";

    /** A service's name (systemd.unit(5)); a leading hyphen would be an option. */
    private static final Pattern UNIT = Pattern.compile("[A-Za-z0-9:_.\\\\@][A-Za-z0-9:_.\\\\@-]{0,200}\\.service");

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
                definition.startGraceSeconds(),
                definition.unit(),
                definition.cgroup());
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
                grace(file, "startGraceSeconds", startGraceSeconds),
                unit(file, kind),
                cgroup(file, kind));
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
            case SYSTEMD, NONE -> {
                meaningless(file, "programs", programs, kind);
                yield null;
            }
            default ->
                throw new DocumentException(file, "driver", "'" + kind + "' is not known: use exec, systemd or none");
        };
    }

    private @Nullable String unit(Path file, String kind) {
        if (!kind.equals(SYSTEMD)) {
            meaningless(file, "unit", unit, kind);
            return null;
        }
        if (unit == null || !UNIT.matcher(unit).matches()) {
            throw new DocumentException(
                    file, "unit", "'" + unit + "' is no service: driver systemd needs one, as in orders-db.service");
        }
        return unit;
    }

    private @Nullable String cgroup(Path file, String kind) {
        if (!kind.equals(EXEC)) {
            meaningless(file, "cgroup", cgroup, kind);
        }
        if (cgroup != null
                && (cgroup.startsWith("/") || Path.of(cgroup).normalize().startsWith(".."))) {
            throw new DocumentException(
                    file, "cgroup", "'" + cgroup + "' is no path below /sys/fs/cgroup: write orders.slice/orders-db");
        }
        return cgroup;
    }

    private static void meaningless(Path file, String key, @Nullable Object value, String kind) {
        if (value != null) {
            throw new DocumentException(file, key, "has no meaning with driver " + kind + ": remove it");
        }
    }

    private static List<String> program(Path file, String key, @Nullable List<String> arguments) {
        if (arguments == null || arguments.isEmpty()) {
            throw new DocumentException(file, key, "is missing: give the program's path and its arguments as a list");
        }
        return arguments;
    }
}
