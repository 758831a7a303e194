package io.sluice.iscsi.netty;

import io.sluice.iscsi.login.Nonces;
import io.sluice.iscsi.login.TargetOffer;
import java.util.concurrent.Executor;

/**
 * What the connections of a server share.
 *
 * @param commands runs SCSI commands, which block on disks
 * @param waiting runs what waits for turns and ends of commands, and never for a disk itself
 * @param log for what peers cause
 */
record Portal(
        Targets targets,
        Limits limits,
        TargetOffer offer,
        Nonces nonces,
        Executor commands,
        Executor waiting,
        Admittance admittance,
        DataMemory memory,
        PeerLog log) {}
