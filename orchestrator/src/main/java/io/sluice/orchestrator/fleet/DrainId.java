package io.sluice.orchestrator.fleet;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/** Identifies one drain. */
public record DrainId(@JsonValue String value) implements Comparable<DrainId> {
    @JsonCreator
    public DrainId {
        if (value.isBlank()) {
            throw new IllegalArgumentException("a drain id is not blank");
        }
    }

    @Override
    public int compareTo(DrainId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
