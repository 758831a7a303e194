package io.sluice.agent.attach.kernel;

import io.sluice.agent.api.MigrationId;
import io.sluice.agent.api.Portal;
import io.sluice.agent.api.VolumeId;
import io.sluice.agent.devicemapper.DeviceName;
import org.jspecify.annotations.Nullable;

/** What must be known of an attachment to end it, whatever else was lost. Holds no secret. */
record AttachmentRecord(
        String map, VolumeId volume, @Nullable MigrationId migration, String target, Portal portal) {

    static AttachmentRecord of(AttachmentOrder order) {
        return new AttachmentRecord(
                order.map().value(),
                order.volume(),
                order.migration(),
                order.node().target(),
                order.node().portal());
    }

    DeviceName name() {
        return new DeviceName(map);
    }

    boolean sameNode(AttachmentOrder.Node node) {
        return target.equals(node.target()) && portal.equals(node.portal());
    }
}
