package io.sluice.agent.reconcile;

import io.sluice.agent.api.VolumeId;
import java.nio.file.Path;

/**
 * One disk as it is served to a workload on this host.
 *
 * @param address {@code iscsi://host:port/iqn/lun}
 * @param secretFile file of mode 0600 that holds the CHAP secret of {@code user}
 */
public record DiskState(VolumeId volume, DiskBacking backing, String address, String user, Path secretFile) {}
