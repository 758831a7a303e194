package io.sluice.agent.clone.kernel;

import io.sluice.agent.api.FailureKind;
import io.sluice.agent.api.IncomingVolume;
import io.sluice.agent.api.VerificationReport;
import io.sluice.agent.devicemapper.DeviceName;
import io.sluice.agent.reconcile.HostActionException;
import io.sluice.iscsi.block.BlockDeviceException;
import java.nio.file.Path;

/** Has the whole of a local volume compared with its source. Changes nothing, and takes as long as reading the volume does. */
final class Verification {
    private final KernelParts parts;
    private final Media media;

    Verification(KernelParts parts, Media media) {
        this.parts = parts;
        this.media = media;
    }

    /** @param goOn asked again and again; throws when nobody wants to know any more */
    VerificationReport run(IncomingVolume volume, CloneRecord record, Runnable goOn) {
        DeviceName era = DeviceName.era(record.volume());
        try (Media.Uncached local = media.uncached(Path.of(record.destination()));
                BoundedSource source = parts.sources().open(volume, record)) {
            media.flush(era.path());
            EraLog written = new EraLog(parts.mapper(), parts.commands());
            return new CopyCheck(record, local, source, goOn).run(() -> written.written(era, record.eraMetadata()));
        } catch (BlockDeviceException e) {
            throw new HostActionException(
                    "VERIFICATION_FAILED", FailureKind.RETRY, "volume " + record.volume() + ": " + e.getMessage(), e);
        }
    }
}
