package io.sluice.iscsi.scsi;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** MODE SENSE data: the caching (SBC-3 §6.4.5) and control (SPC-4 §7.5.8) pages, none of them changeable. */
final class ModePages {
    private static final int CACHING = 0x08;
    private static final int CONTROL = 0x0A;
    private static final int ALL = 0x3F;
    private static final int ALL_SUBPAGES = 0xFF;

    private static final int CHANGEABLE_VALUES = 1;

    private static final byte WRITE_PROTECTED = (byte) 0x80;
    private static final byte DPOFUA = 0x10;

    private ModePages() {}

    /** Null when no such page is there. */
    static byte @Nullable [] modeData(ScsiCommand.ModeSense command, LogicalUnit unit) {
        byte[] pages = pages(command, unit);
        if (pages == null) {
            return null;
        }
        byte[] descriptor = blockDescriptor(command, unit);
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

    private static byte @Nullable [] pages(ScsiCommand.ModeSense command, LogicalUnit unit) {
        if (command.subpage() != 0 && !(command.page() == ALL && command.subpage() == ALL_SUBPAGES)) {
            return null;
        }
        ByteArrayOutputStream pages = new ByteArrayOutputStream();
        boolean values = command.control() != CHANGEABLE_VALUES;
        if (command.page() == CACHING || command.page() == ALL) {
            pages.writeBytes(caching(values));
        }
        if (command.page() == CONTROL || command.page() == ALL) {
            pages.writeBytes(control(values, unit));
        }
        return pages.size() == 0 ? null : pages.toByteArray();
    }

    private static byte[] caching(boolean values) {
        byte[] page = new byte[20];
        page[0] = CACHING;
        page[1] = (byte) (page.length - 2);
        page[2] = (byte) (values ? 0x04 : 0); // WCE: writes are durable after SYNCHRONIZE CACHE only
        return page;
    }

    private static byte[] control(boolean values, LogicalUnit unit) {
        byte[] page = new byte[12];
        page[0] = CONTROL;
        page[1] = (byte) (page.length - 2);
        if (values) {
            page[3] = 0x10; // unrestricted reordering: overlapping commands have no order
            page[4] = (byte) (unit.writeProtected() ? 0x08 : 0); // SWP
        }
        return page;
    }

    private static byte[] blockDescriptor(ScsiCommand.ModeSense command, LogicalUnit unit) {
        if (command.omitBlockDescriptors()) {
            return new byte[0];
        }
        int blockBytes = unit.device().blockBytes();
        long blocks = unit.device().sizeBytes() / blockBytes;
        if (command.longBlockDescriptor()) {
            return ByteBuffer.allocate(16)
                    .putLong(blocks)
                    .putInt(0)
                    .putInt(blockBytes)
                    .array();
        }
        int shown = (int) Math.min(blocks, 0xFFFF_FFFFL);
        return ByteBuffer.allocate(8).putInt(shown).putInt(blockBytes).array();
    }
}
