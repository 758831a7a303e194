package io.sluice.agent.api;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/** Identifies a worker; assigned at registration from the worker's name (`worker-7`, `worker-7-2` if taken). */
public record WorkerId(@JsonValue String value) implements Comparable<WorkerId> {
    @JsonCreator
    public WorkerId {
        Names.require("worker id", value);
    }

    @Override
    public int compareTo(WorkerId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
