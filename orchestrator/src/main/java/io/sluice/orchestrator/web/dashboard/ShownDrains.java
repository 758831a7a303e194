package io.sluice.orchestrator.web.dashboard;

import io.sluice.orchestrator.web.DrainView;
import io.sluice.orchestrator.web.MigrationView;
import java.util.List;

/** What the pages show of drains and migrations. */
public interface ShownDrains {

    List<DrainView> drains();

    DrainView drain(String id);

    MigrationView migration(String id);
}
