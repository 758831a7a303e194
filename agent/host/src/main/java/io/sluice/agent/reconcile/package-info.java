/**
 * Decides and does what this host should hold. {@link io.sluice.agent.reconcile.HostPlanner} is pure: spec and observed
 * {@link io.sluice.agent.reconcile.HostState} in, {@link io.sluice.agent.reconcile.HostAction}s out;
 * {@link io.sluice.agent.reconcile.HostAgent}, the entry, observes, plans, has the actions run and reports. The host is
 * reached through the ports here. Knows nothing of HTTP, YAML, iSCSI or threads.
 */
@NullMarked
package io.sluice.agent.reconcile;

import org.jspecify.annotations.NullMarked;
