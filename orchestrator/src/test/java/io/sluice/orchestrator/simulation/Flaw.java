package io.sluice.orchestrator.simulation;

import io.sluice.orchestrator.migration.HostSpecs;
import io.sluice.orchestrator.migration.Situation;

/** Where a deliberately broken orchestrator departs from the real one; the default departs nowhere. */
interface Flaw {
    Flaw NONE = new Flaw() {};

    /** What a decision is shown. */
    default Situation shown(Situation situation) {
        return situation;
    }

    /** What a host is told. */
    default HostSpecs.Part told(HostSpecs.Part part) {
        return part;
    }

    /** Whether a commit compares version and epoch. */
    default boolean compares() {
        return true;
    }
}
