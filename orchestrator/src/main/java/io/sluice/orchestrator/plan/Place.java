package io.sluice.orchestrator.plan;

import io.sluice.orchestrator.fleet.Worker;
import org.jspecify.annotations.Nullable;

/** Names of the failure domains a worker stands in. Two racks of one name are one rack, as they are for ceilings. */
final class Place {
    private Place() {}

    /** Null where it is not known. */
    static @Nullable String zone(Worker worker) {
        return known(worker.profile().location().zone());
    }

    /** Null where it is not known. */
    static @Nullable String rack(Worker worker) {
        return known(worker.profile().location().rack());
    }

    private static @Nullable String known(@Nullable String name) {
        return name == null || name.isBlank() ? null : name;
    }
}
