package io.sluice.agent.api;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/** Identifies a workload across the fleet; stays the same when the workload moves. */
public record WorkloadId(@JsonValue String value) implements Comparable<WorkloadId> {
    @JsonCreator
    public WorkloadId {
        Names.require("workload id", value);
    }

    @Override
    public int compareTo(WorkloadId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
