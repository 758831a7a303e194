/**
 * Where PostgreSQL comes from: the embedded one in the data directory, or the one given by URL. Entry:
 * {@link io.sluice.orchestrator.database.DatabaseConfiguration}. Knows no table.
 */
@NullMarked
package io.sluice.orchestrator.database;

import org.jspecify.annotations.NullMarked;
