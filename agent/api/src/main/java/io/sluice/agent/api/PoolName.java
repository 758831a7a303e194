package io.sluice.agent.api;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/** Names a pool of volumes within one worker. */
public record PoolName(@JsonValue String value) implements Comparable<PoolName> {
    @JsonCreator
    public PoolName {
        Names.require("pool name", value);
    }

    @Override
    public int compareTo(PoolName other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
