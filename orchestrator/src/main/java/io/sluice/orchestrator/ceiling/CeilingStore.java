package io.sluice.orchestrator.ceiling;

import io.sluice.orchestrator.fleet.Ceiling;
import io.sluice.orchestrator.fleet.Ceilings;
import io.sluice.orchestrator.fleet.Link;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Ceilings on stable storage. */
public interface CeilingStore {
    Ceilings ceilings();

    /** Migrations under way on every link that has any. */
    Map<Link, Integer> taken();

    /** Sets a ceiling, or takes it away with null; who did it is kept with the change. */
    void set(Link link, @Nullable Ceiling ceiling, String actor);
}
