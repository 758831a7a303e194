/**
 * What this host serves over iSCSI: the temporary read-only exports of migrating volumes, and the disks through which its own
 * workloads reach their volumes. Entries: {@link io.sluice.agent.export.ExportServer} and
 * {@link io.sluice.agent.export.DiskFronts}, each on a target server of its own. Must not know goals or the order of a
 * migration's steps.
 */
@NullMarked
package io.sluice.agent.export;

import org.jspecify.annotations.NullMarked;
