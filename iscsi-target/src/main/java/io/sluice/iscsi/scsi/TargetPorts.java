package io.sluice.iscsi.scsi;

import java.nio.ByteBuffer;

/** The one target port and its group: every path is as good as any (SPC-4 §5.15 and §6.37). */
final class TargetPorts {
    static final short ONLY_PORT = 1;
    static final short ONLY_GROUP = 1;

    private static final byte ACTIVE_OPTIMIZED_SUPPORTED = 0x01;

    private TargetPorts() {}

    static ScsiResult report(ScsiCommand.ReportTargetPortGroups command) {
        int header = command.extendedHeader() ? 8 : 4;
        ByteBuffer data = ByteBuffer.allocate(header + 12);
        data.putInt(data.capacity() - 4);
        if (command.extendedHeader()) {
            data.put((byte) 0x10)
                    .put((byte) 0)
                    .putShort((short) 0); // the longer format; no implicit transition takes time
        }
        data.put((byte) 0).put(ACTIVE_OPTIMIZED_SUPPORTED).putShort(ONLY_GROUP);
        data.put((byte) 0).put((byte) 0).put((byte) 0).put((byte) 1);
        data.putShort((short) 0).putShort(ONLY_PORT);
        return ScsiResult.parameterData(data.array(), command.allocationLength());
    }
}
