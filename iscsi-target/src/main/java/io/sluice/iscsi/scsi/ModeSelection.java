package io.sluice.iscsi.scsi;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** MODE SELECT (SPC-4 §6.11): of all that the mode pages say, the SWP bit can be changed, and nothing else. */
final class ModeSelection {
    private ModeSelection() {}

    /** All pages are checked before anything changes. */
    static ScsiResult select(ScsiCommand.ModeSelect command, Unit unit, Nexus nexus, ByteBuffer dataOut) {
        int listBytes = command.parameterListLength();
        if (listBytes == 0) {
            return ScsiResult.good();
        }
        int headerBytes = command.cdbBytes() == 6 ? 4 : 8;
        if (dataOut.remaining() < listBytes || listBytes < headerBytes) {
            return ScsiResult.check(Sense.illegalRequest(Sense.PARAMETER_LIST_LENGTH_ERROR));
        }
        ByteBuffer list = dataOut.slice(dataOut.position(), listBytes);
        int descriptorBytes = command.cdbBytes() == 6 ? list.get(3) & 0xFF : list.getShort(6) & 0xFFFF;
        if (headerBytes + descriptorBytes > listBytes) {
            return ScsiResult.check(Sense.illegalRequest(Sense.PARAMETER_LIST_LENGTH_ERROR));
        }
        if (!describesTheUnit(list.slice(headerBytes, descriptorBytes), unit.definition())) {
            return ScsiResult.check(Sense.illegalRequest(Sense.INVALID_FIELD_IN_PARAMETER_LIST));
        }
        boolean protect = unit.softwareWriteProtected();
        for (list.position(headerBytes + descriptorBytes); list.hasRemaining(); ) {
            byte[] page = page(list);
            if (page == null) {
                return ScsiResult.check(Sense.illegalRequest(Sense.PARAMETER_LIST_LENGTH_ERROR));
            }
            if (!ModePages.settable(page, unit)) {
                return ScsiResult.check(Sense.illegalRequest(Sense.INVALID_FIELD_IN_PARAMETER_LIST));
            }
            protect = page[0] == ModePages.CONTROL ? (page[ModePages.SWP_BYTE] & ModePages.SWP) != 0 : protect;
        }
        unit.softwareWriteProtect(nexus, protect);
        return ScsiResult.goodAfter(listBytes);
    }

    /** The next page of a list, null when it is cut off. */
    private static byte @Nullable [] page(ByteBuffer list) {
        if (list.remaining() < 2) {
            return null;
        }
        int bytes = 2 + (list.get(list.position() + 1) & 0xFF);
        if (list.remaining() < bytes) {
            return null;
        }
        byte[] page = new byte[bytes];
        list.get(page);
        page[0] &= 0x7F; // PS is reserved in MODE SELECT
        return page;
    }

    /** The size and number of blocks are what they are; none needs to be given. */
    private static boolean describesTheUnit(ByteBuffer descriptor, LogicalUnit unit) {
        byte[] given = new byte[descriptor.remaining()];
        descriptor.get(given);
        return given.length == 0
                || (given.length == 8 && Arrays.equals(given, ModePages.shortDescriptor(unit)))
                || (given.length == 16 && Arrays.equals(given, ModePages.longDescriptor(unit)));
    }
}
