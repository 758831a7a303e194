package io.sluice.agent.attach;

import io.sluice.agent.api.ChapSecrets;
import io.sluice.agent.api.ExportAccess;
import io.sluice.agent.api.IncomingVolume;
import io.sluice.iscsi.block.Extent;
import io.sluice.iscsi.initiator.DiskAddress;
import io.sluice.iscsi.initiator.InitiatorOptions;
import io.sluice.iscsi.initiator.IscsiDisk;
import io.sluice.iscsi.initiator.RegionSums;
import io.sluice.iscsi.login.ChapCredentials;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Sources over iSCSI: mutual CHAP, header and data digests, LUN 0, and a session that is re-established for ever. */
public final class IscsiSources implements Sources {
    /** All that a clone device may want of its source at once, and a little more. */
    private static final int QUEUE_DEPTH = 48;

    @Override
    public SourceSession open(IncomingVolume volume) {
        ExportAccess access = volume.access();
        ChapSecrets secrets = access.secrets();
        InitiatorOptions options = InitiatorOptions.named(access.initiator())
                .withChap(
                        credentials(secrets.user(), secrets.secret()),
                        credentials(secrets.mutualUser(), secrets.mutualSecret()))
                .withQueueDepth(QUEUE_DEPTH);
        DiskAddress address =
                new DiskAddress(volume.portal().host(), volume.portal().port(), access.target(), 0);
        return new Session(IscsiDisk.open(address, options));
    }

    private static ChapCredentials credentials(String user, String secret) {
        return new ChapCredentials(user, secret.getBytes(StandardCharsets.UTF_8));
    }

    private record Session(IscsiDisk disk) implements SourceSession {
        @Override
        public String serial() {
            return disk.serial();
        }

        @Override
        public boolean connected() {
            return disk.connected();
        }

        @Override
        public Duration inState() {
            return disk.inState();
        }

        @Override
        public @Nullable RegionSums checksums(long firstRegion) {
            return disk.checksums(firstRegion);
        }

        @Override
        public long sizeBytes() {
            return disk.sizeBytes();
        }

        @Override
        public int blockBytes() {
            return disk.blockBytes();
        }

        @Override
        public boolean readOnly() {
            return true;
        }

        @Override
        public void read(long offset, ByteBuffer into) {
            disk.read(offset, into);
        }

        @Override
        public void write(long offset, ByteBuffer from) {
            disk.write(offset, from);
        }

        @Override
        public void flush() {
            disk.flush();
        }

        @Override
        public void unmap(long offset, long lengthBytes) {
            disk.unmap(offset, lengthBytes);
        }

        @Override
        public Extent extentAt(long offset) {
            return disk.extentAt(offset);
        }

        @Override
        public void close() {
            disk.close();
        }
    }
}
