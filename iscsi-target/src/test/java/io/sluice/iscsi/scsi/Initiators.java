package io.sluice.iscsi.scsi;

import java.nio.ByteBuffer;

/** Initiator ports for tests. */
final class Initiators {
    private static final int LUNS = 4;

    private Initiators() {}

    /** A port of its own for each name. */
    static InitiatorPort port(String name) {
        return new InitiatorPort("iqn.x:" + name, 0x8000_0000_0001L);
    }

    /** A nexus of a port of its own that has heard all that the units had to say. */
    static Nexus quiet(LogicalUnitServer server, String name) {
        Nexus nexus = server.establish(port(name), CommandAborter.NONE);
        for (int lun = 0; lun < LUNS; lun++) {
            server.execute(nexus, Lun.encode(lun), ByteBuffer.allocate(6), ByteBuffer.allocate(0));
        }
        return nexus;
    }
}
