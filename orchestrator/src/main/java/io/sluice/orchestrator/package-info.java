/**
 * The Spring Boot service that decides what every host should hold, and owns the database. Entry:
 * {@link io.sluice.orchestrator.OrchestratorApplication}; people start it as {@code sluice server}.
 */
@NullMarked
package io.sluice.orchestrator;

import org.jspecify.annotations.NullMarked;
