package io.sluice.agent.attach.kernel;

import io.sluice.agent.api.FailureKind;
import io.sluice.agent.attach.kernel.AttachmentOrder.Disk;
import io.sluice.agent.reconcile.HostActionException;

/** Whether a disk is the ordered one. Nothing is built on any other, nor does a map get it. */
final class DiskCheck {
    private DiskCheck() {}

    static void require(AttachmentOrder order, ScsiDisk found) {
        Disk wanted = order.disk();
        if (found.sizeBytes() != wanted.sizeBytes()) {
            throw mismatch(order, "SIZE_MISMATCH", found.sizeBytes() + " bytes", wanted.sizeBytes() + " bytes");
        }
        if (found.blockBytes() != wanted.blockBytes()) {
            throw mismatch(
                    order,
                    "BLOCK_SIZE_MISMATCH",
                    "blocks of " + found.blockBytes() + " bytes",
                    "blocks of " + wanted.blockBytes() + " bytes");
        }
        if (!wanted.serial().equals(found.serial())) {
            throw mismatch(
                    order, "IDENTITY_MISMATCH", "serial '" + found.serial() + "'", "serial '" + wanted.serial() + "'");
        }
    }

    private static HostActionException mismatch(AttachmentOrder order, String code, String found, String wanted) {
        return new HostActionException(
                code,
                FailureKind.ABORT,
                "the disk behind " + order.node().target() + " on "
                        + order.node().portal() + " has " + found + ", what was ordered has " + wanted
                        + ": abort the migration and plan anew");
    }
}
