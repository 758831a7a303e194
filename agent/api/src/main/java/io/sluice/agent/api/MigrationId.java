package io.sluice.agent.api;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/** Identifies one migration: one workload with all its volumes, or one volume without a workload. */
public record MigrationId(@JsonValue String value) implements Comparable<MigrationId> {
    @JsonCreator
    public MigrationId {
        Names.require("migration id", value);
    }

    @Override
    public int compareTo(MigrationId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
