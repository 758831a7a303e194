/**
 * Where PostgreSQL comes from: the embedded one in the data directory, or the one given by URL; and whether it is reached. Entry:
 * {@link io.sluice.orchestrator.database.DatabaseConfiguration} and {@link io.sluice.orchestrator.database.DatabaseReach}. Knows no
 * table.
 */
@NullMarked
package io.sluice.orchestrator.database;

import org.jspecify.annotations.NullMarked;
