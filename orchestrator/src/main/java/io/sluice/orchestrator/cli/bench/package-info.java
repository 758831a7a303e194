/**
 * {@code sluice bench fleet}: an orchestrator in a process of its own, a PostgreSQL, and a fleet of simulated agents that speak
 * the agents' contract to it over HTTP. Entry: {@link io.sluice.orchestrator.cli.bench.BenchCommand}. Knows the orchestrator
 * only as agents and operators do.
 */
@NullMarked
package io.sluice.orchestrator.cli.bench;

import org.jspecify.annotations.NullMarked;
