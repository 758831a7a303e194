package io.sluice.orchestrator.drain;

import io.sluice.orchestrator.fleet.DrainId;
import java.util.List;

/** What came of executing a dry run. */
public sealed interface Execution {
    /** Exactly that is under way; the same for the second call. */
    record Begun(List<DrainId> drains) implements Execution {
        public Begun {
            drains = List.copyOf(drains);
        }
    }

    /** Exactly that cannot be done any more; nothing was. */
    record Stale(List<Difference> differences) implements Execution {
        public Stale {
            differences = List.copyOf(differences);
        }
    }

    /** There is no such dry run, or it was kept long enough. */
    record Unknown() implements Execution {}
}
