package io.sluice.iscsi.scsi;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** MODE SENSE data: the caching (SBC-3 §6.4.5) and control (SPC-4 §7.5.8) pages, of which SWP alone is changeable. */
final class ModePages {
    static final int CONTROL = 0x0A;
    static final int SWP_BYTE = 4;
    static final int SWP = 0x08;

    private static final int CACHING = 0x08;
    private static final int ALL = 0x3F;
    private static final int ALL_SUBPAGES = 0xFF;

    private static final int CHANGEABLE_VALUES = 1;
    private static final int DEFAULT_VALUES = 2;

    private static final byte WRITE_PROTECTED = (byte) 0x80;
    private static final byte DPOFUA = 0x10;

    private ModePages() {}

    /** Null when no such page is there. */
    static byte @Nullable [] modeData(ScsiCommand.ModeSense command, Unit unit) {
        byte[] pages = pages(command, unit);
        if (pages == null) {
            return null;
        }
        byte[] descriptor = blockDescriptor(command, unit.definition());
        byte device = (byte) (DPOFUA | (unit.writeProtected() ? WRITE_PROTECTED : 0));
        int headerBytes = command.cdbBytes() == 6 ? 4 : 8;
        ByteBuffer data = ByteBuffer.allocate(headerBytes + descriptor.length + pages.length);
        if (command.cdbBytes() == 6) {
            data.put((byte) (data.capacity() - 1)).put((byte) 0).put(device).put((byte) descriptor.length);
        } else {
            data.putShort((short) (data.capacity() - 2)).put((byte) 0).put(device);
            data.put((byte) (descriptor.length == 16 ? 1 : 0)).put((byte) 0).putShort((short) descriptor.length);
        }
        return data.put(descriptor).put(pages).array();
    }

    private static byte @Nullable [] pages(ScsiCommand.ModeSense command, Unit unit) {
        if (command.subpage() != 0 && !(command.page() == ALL && command.subpage() == ALL_SUBPAGES)) {
            return null;
        }
        ByteArrayOutputStream pages = new ByteArrayOutputStream();
        if (command.page() == CACHING || command.page() == ALL) {
            pages.writeBytes(caching(command.control()));
        }
        if (command.page() == CONTROL || command.page() == ALL) {
            pages.writeBytes(control(command.control(), unit));
        }
        return pages.size() == 0 ? null : pages.toByteArray();
    }

    private static byte[] caching(int values) {
        byte[] page = new byte[20];
        page[0] = CACHING;
        page[1] = (byte) (page.length - 2);
        page[2] =
                (byte) (values == CHANGEABLE_VALUES ? 0 : 0x04); // WCE: writes are durable after SYNCHRONIZE CACHE only
        return page;
    }

    private static byte[] control(int values, Unit unit) {
        byte[] page = new byte[12];
        page[0] = CONTROL;
        page[1] = (byte) (page.length - 2);
        boolean swp = values == CHANGEABLE_VALUES || (values != DEFAULT_VALUES && unit.softwareWriteProtected());
        page[SWP_BYTE] = (byte) (swp ? SWP : 0);
        if (values != CHANGEABLE_VALUES) {
            page[3] = 0x10; // unrestricted reordering: overlapping commands have no order
            page[5] = 0x40; // TAS: a command that another's reset ends is answered with TASK ABORTED
        }
        return page;
    }

    /** Whether a page of MODE SELECT differs from what is in nothing but what can be changed. */
    static boolean settable(byte[] page, Unit unit) {
        if (page[0] == CACHING) {
            return Arrays.equals(page, caching(0));
        }
        if (page[0] != CONTROL || page.length <= SWP_BYTE) {
            return false;
        }
        byte[] present = control(0, unit);
        present[SWP_BYTE] = (byte) (page[SWP_BYTE] & SWP);
        return Arrays.equals(page, present);
    }

    private static byte[] blockDescriptor(ScsiCommand.ModeSense command, LogicalUnit unit) {
        if (command.omitBlockDescriptors()) {
            return new byte[0];
        }
        return command.longBlockDescriptor() ? longDescriptor(unit) : shortDescriptor(unit);
    }

    static byte[] longDescriptor(LogicalUnit unit) {
        return ByteBuffer.allocate(16)
                .putLong(MediumCommands.blocks(unit))
                .putInt(0)
                .putInt(unit.device().blockBytes())
                .array();
    }

    static byte[] shortDescriptor(LogicalUnit unit) {
        int shown = (int) Math.min(MediumCommands.blocks(unit), 0xFFFF_FFFFL);
        return ByteBuffer.allocate(8)
                .putInt(shown)
                .putInt(unit.device().blockBytes())
                .array();
    }
}
