/**
 * What is known of workers, their pools, volumes and workloads, as values. Entry:
 * {@link io.sluice.orchestrator.fleet.FleetSnapshot}. Built from registrations, the latest reports and live migrations'
 * reservations; must not know plans, migrations, a database or HTTP.
 */
@NullMarked
package io.sluice.orchestrator.fleet;

import org.jspecify.annotations.NullMarked;
