package io.sluice.agent.workload;

import io.sluice.agent.api.WorkloadStatus;
import java.util.HashMap;
import java.util.Map;

/**
 * A unit as {@code systemctl show} tells of it (org.freedesktop.systemd1(5)).
 *
 * @param controlGroup path below the root of the control groups; empty when it has none
 */
record UnitState(String active, String sub, String controlGroup) {

    static UnitState read(String shown) {
        Map<String, String> properties = new HashMap<>();
        shown.lines().forEach(line -> {
            int equals = line.indexOf('=');
            if (equals > 0) {
                properties.put(line.substring(0, equals), line.substring(equals + 1));
            }
        });
        return new UnitState(
                properties.getOrDefault("ActiveState", ""),
                properties.getOrDefault("SubState", ""),
                properties.getOrDefault("ControlGroup", ""));
    }

    /** Stopped is what has no process left: a unit may end and leave some behind. On its way it is neither. */
    WorkloadStatus status(ControlGroupTree groups) {
        return switch (active) {
            case "active", "reloading", "refreshing" -> WorkloadStatus.RUNNING;
            case "inactive", "failed" ->
                controlGroup.isEmpty() || !groups.populated(controlGroup)
                        ? WorkloadStatus.STOPPED
                        : WorkloadStatus.UNKNOWN;
            default -> WorkloadStatus.UNKNOWN;
        };
    }

    String words() {
        return active + " (" + sub + ")" + (controlGroup.isEmpty() ? "" : ", with processes in " + controlGroup);
    }
}
