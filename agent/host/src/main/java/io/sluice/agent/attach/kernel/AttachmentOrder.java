package io.sluice.agent.attach.kernel;

import io.sluice.agent.api.ChapSecrets;
import io.sluice.agent.api.IncomingVolume;
import io.sluice.agent.api.MigrationId;
import io.sluice.agent.api.Portal;
import io.sluice.agent.api.VolumeId;
import io.sluice.agent.devicemapper.DeviceMapper.Access;
import io.sluice.agent.devicemapper.DeviceName;
import io.sluice.agent.reconcile.CloneOrder;
import org.jspecify.annotations.Nullable;

/**
 * A disk to be attached.
 *
 * @param map name of the multipath map that it will be reached by
 * @param migration the migration it serves; null for a disk of this host's own
 * @param node where it is and as whom to log in
 * @param disk what is to be found there
 */
public record AttachmentOrder(
        DeviceName map, VolumeId volume, @Nullable MigrationId migration, Node node, Disk disk) {

    /**
     * LUN 0 of a target (RFC 7143 §4.2).
     *
     * @param initiator the name to log in under
     */
    public record Node(String target, Portal portal, String initiator, Login login) {}

    /** CHAP, one-way or mutual (RFC 7143 §12.1.3). Never printed. */
    public record Login(
            String user,
            String secret,
            @Nullable String mutualUser,
            @Nullable String mutualSecret) {
        @Override
        public String toString() {
            return "Login[user=" + user + ", secrets withheld]";
        }
    }

    /** The only disk that will do. */
    public record Disk(long sizeBytes, int blockBytes, String serial, Access access) {}

    /** The export of a volume that is to be cloned here. */
    public static AttachmentOrder source(CloneOrder order) {
        IncomingVolume volume = order.volume();
        ChapSecrets secrets = volume.access().secrets();
        return new AttachmentOrder(
                DeviceName.source(volume.volume()),
                volume.volume(),
                order.migration(),
                new Node(
                        volume.access().target(),
                        volume.portal(),
                        volume.access().initiator(),
                        new Login(secrets.user(), secrets.secret(), secrets.mutualUser(), secrets.mutualSecret())),
                new Disk(
                        volume.sizeBytes(), volume.blockBytes(), volume.volume().value(), Access.READ_ONLY));
    }
}
