package io.sluice.agent.reconcile;

import io.sluice.agent.api.MigrationId;
import io.sluice.agent.api.VolumeId;
import java.util.List;

/** The read-only exports on this host's iSCSI portal. None survives a restart of the agent: they are opened anew. */
public interface Exports {

    /** Cheap: called before and after every action. */
    List<ExportState> observe();

    /** Opens the export or brings an open one in line, sessions kept; the same order twice is harmless. */
    void open(ExportOrder order);

    /** Closes the export and its sessions; harmless when there is none. */
    void close(MigrationId migration, VolumeId volume);
}
