/**
 * One migration from Planned to Done or Aborted. Entries: {@link io.sluice.orchestrator.migration.MigrationMachine} decides
 * (pure), {@link io.sluice.orchestrator.migration.MigrationReconciler} reads, decides and commits through
 * {@link io.sluice.orchestrator.migration.MigrationStore}, and {@link io.sluice.orchestrator.migration.HostSpecs} says what
 * each host should hold (pure). Must not know drains, plans, HTTP or how agents are reached.
 */
@NullMarked
package io.sluice.orchestrator.migration;

import org.jspecify.annotations.NullMarked;
