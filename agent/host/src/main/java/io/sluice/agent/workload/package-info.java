/**
 * The workloads declared in {@code workloads.d} and the programs that start, stop and look at them. Entry:
 * {@link io.sluice.agent.workload.DeclaredWorkloads}. Knows nothing of migrations beyond who holds a workload, nor of iSCSI.
 *
 * <p>Driver {@code exec}: start, stop and status programs, each idempotent. All get {@code SLUICE_WORKLOAD},
 * {@code SLUICE_STATE} (a directory on this host for their own use, say a pid file), {@code SLUICE_VOLUMES} (ids, separated by spaces), {@code SLUICE_VOLUME_i} from 0, {@code SLUICE_EPOCH} (of the newest
 * volume, to start only) and the declaration's own environment; start also gets, for each volume, {@code SLUICE_DISK_i}:
 * the path of a device, or iscsi://host:port/iqn/lun and with it {@code SLUICE_DISK_i_USER} and {@code SLUICE_DISK_i_SECRET_FILE}.
 *
 * <p>Start ends with 0 once the workload runs, in the background, its output redirected; stop ends with 0 once nothing of it
 * can write any more; status ends with 0 when it runs, with 3 when it is stopped, and with anything else when that cannot be
 * told. Start and stop have the declared grace, status ten seconds; then their process group is killed.
 *
 * <p>Driver {@code systemd}: a unit, started, stopped and looked at through systemctl. What programs get as environment it finds in
 * the file {@code run/<workload>/environment} of the agent's state directory, written before it is started ({@code
 * EnvironmentFile=}). It is disabled before it is stopped and enabled once it runs; it counts as stopped when it is inactive or
 * failed and no process of it is left.
 *
 * <p>{@link io.sluice.agent.workload.ControlGroups} tells in which control group a workload runs: a unit's own, or the one that
 * driver {@code exec}'s declaration names, which start is told in {@code SLUICE_CGROUP}.
 *
 * <p>A declared workload that is not held is started once when the agent comes up and finds it stopped, or finds its
 * declaration new: that is its autostart, to be left to the agent alone. Should it end later, that is its own affair.
 *
 * <p>Driver {@code none}: nothing runs; it counts as running unless it was stopped for a migration.
 */
@NullMarked
package io.sluice.agent.workload;

import org.jspecify.annotations.NullMarked;
