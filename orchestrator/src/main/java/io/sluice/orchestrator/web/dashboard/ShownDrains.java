package io.sluice.orchestrator.web.dashboard;

import io.sluice.orchestrator.web.DrainView;
import io.sluice.orchestrator.web.MigrationView;
import java.util.List;

/** What the pages show of drains and migrations. */
public interface ShownDrains {

    /** Those that are open, and so many of those that ended, newest first. */
    List<DrainView> drains(int ended);

    DrainView drain(String id);

    MigrationView migration(String id);
}
