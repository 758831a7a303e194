/**
 * The dashboard: server-rendered pages over the same views that REST answers with, kept current by server-sent events that
 * carry re-rendered fragments. Entry: the controllers. Reads and asks through three ports ({@link
 * io.sluice.orchestrator.web.dashboard.ShownFleet}, {@link io.sluice.orchestrator.web.dashboard.ShownDrains}, {@link
 * io.sluice.orchestrator.web.dashboard.DrainActions}); must not know the database, the planner or the machine.
 */
@NullMarked
package io.sluice.orchestrator.web.dashboard;

import org.jspecify.annotations.NullMarked;
