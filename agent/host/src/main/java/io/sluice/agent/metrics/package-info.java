/**
 * What an agent tells a monitoring system: what its targets do, and how its own process fares. Entry: {@link
 * io.sluice.agent.metrics.MetricsServer}. Knows no migrations.
 */
@NullMarked
package io.sluice.agent.metrics;

import org.jspecify.annotations.NullMarked;
