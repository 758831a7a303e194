package io.sluice.agent.reconcile;

import io.sluice.agent.api.VolumeId;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * One disk as it is served to a workload on this host.
 *
 * @param address path of a device, or {@code iscsi://host:port/iqn/lun}
 * @param user CHAP user of an iSCSI address; null for a device
 * @param secretFile file of mode 0600 that holds the CHAP secret of {@code user}; null for a device
 */
public record DiskState(
        VolumeId volume,
        DiskBacking backing,
        String address,
        @Nullable String user,
        @Nullable Path secretFile) {}
