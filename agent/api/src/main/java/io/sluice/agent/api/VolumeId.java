package io.sluice.agent.api;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/** Identifies a volume across the fleet; stays the same when the volume moves to another worker. */
public record VolumeId(@JsonValue String value) implements Comparable<VolumeId> {
    @JsonCreator
    public VolumeId {
        Names.require("volume id", value);
    }

    @Override
    public int compareTo(VolumeId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
