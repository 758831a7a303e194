package io.sluice.iscsi.scsi;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import org.jspecify.annotations.Nullable;

/** Standard INQUIRY data and vital product data pages (SPC-4 §6.6 and §7.8, SBC-3 §6.6). */
final class InquiryPages {
    static final int SUPPORTED_PAGES = 0x00;
    static final int UNIT_SERIAL_NUMBER = 0x80;
    static final int DEVICE_IDENTIFICATION = 0x83;
    static final int THIRD_PARTY_COPY = 0x8F;
    static final int BLOCK_LIMITS = 0xB0;
    static final int BLOCK_DEVICE_CHARACTERISTICS = 0xB1;
    static final int LOGICAL_BLOCK_PROVISIONING = 0xB2;

    private static final byte[] ALL = {
        SUPPORTED_PAGES,
        (byte) UNIT_SERIAL_NUMBER,
        (byte) DEVICE_IDENTIFICATION,
        (byte) THIRD_PARTY_COPY,
        (byte) BLOCK_LIMITS,
        (byte) BLOCK_DEVICE_CHARACTERISTICS,
        (byte) LOGICAL_BLOCK_PROVISIONING
    };

    private static final String VENDOR = "SLUICE  ";
    private static final String PRODUCT = "VOLUME          ";
    private static final String REVISION = "0001";
    private static final int STANDARD_BYTES = 96;
    private static final int NO_DEVICE_AT_THIS_LUN = 0x7F;

    /** SAM-5, SPC-4, SBC-3, iSCSI: versions claimed, no particular revision (SPC-4 §6.6.2). */
    private static final short[] VERSION_DESCRIPTORS = {0x00A0, 0x0460, 0x04C0, 0x0960};

    private InquiryPages() {}

    /** @param unit null where there is none at this LUN */
    static byte[] standard(@Nullable LogicalUnit unit) {
        ByteBuffer data = ByteBuffer.allocate(STANDARD_BYTES);
        data.put(0, (byte) (unit == null ? NO_DEVICE_AT_THIS_LUN : 0));
        data.put(1, (byte) (unit != null && unit.removable() ? 0x80 : 0)); // RMB
        data.put(2, (byte) 0x06); // SPC-4
        data.put(3, (byte) 0x12); // HISUP, response data format 2
        data.put(4, (byte) (STANDARD_BYTES - 5));
        data.put(5, (byte) 0x18); // TPGS: port groups are reported, and do not change on demand; 3PC
        data.put(7, (byte) 0x02); // CMDQUE
        data.put(8, (VENDOR + PRODUCT + REVISION).getBytes(StandardCharsets.US_ASCII));
        for (int i = 0; i < VERSION_DESCRIPTORS.length; i++) {
            data.putShort(58 + 2 * i, VERSION_DESCRIPTORS[i]);
        }
        return data.array();
    }

    static byte[] supportedPages() {
        return page(SUPPORTED_PAGES, ALL);
    }

    static byte[] serialNumber(LogicalUnit unit) {
        return page(UNIT_SERIAL_NUMBER, unit.serial().getBytes(StandardCharsets.US_ASCII));
    }

    /**
     * Two designators of the logical unit: a locally assigned NAA name derived from the serial, and vendor plus serial. And two of
     * the target port: its number and its group's.
     */
    static byte[] deviceIdentification(LogicalUnit unit) {
        byte[] naa = naaLocallyAssigned(unit.serial());
        byte[] vendorSpecific = (VENDOR + unit.serial()).getBytes(StandardCharsets.US_ASCII);
        ByteBuffer designators = ByteBuffer.allocate(4 + naa.length + 4 + vendorSpecific.length + 8 + 8);
        designators.put((byte) 0x01).put((byte) 0x03).put((byte) 0).put((byte) naa.length); // binary, NAA
        designators.put(naa);
        designators.put((byte) 0x02).put((byte) 0x01).put((byte) 0).put((byte)
                vendorSpecific.length); // ASCII, T10 vendor
        designators.put(vendorSpecific);
        targetPort(designators, 4, TargetPorts.ONLY_PORT);
        targetPort(designators, 5, TargetPorts.ONLY_GROUP);
        return page(DEVICE_IDENTIFICATION, designators.array());
    }

    /** Whether an identification descriptor (SPC-4 §6.4.5) holds a designator of the unit from VPD page 83h. */
    static boolean designates(LogicalUnit unit, ByteBuffer descriptor) {
        ByteBuffer wanted = descriptor.slice(8, descriptor.get(7) & 0xFF);
        int type = descriptor.get(5) & 0x3F;
        byte[] page = deviceIdentification(unit);
        for (int at = 4; at < page.length; at += 4 + page[at + 3]) {
            boolean same = (page[at + 1] & 0x3F) == type && (page[at] & 0x0F) == (descriptor.get(4) & 0x0F);
            int longest = Math.min(page[at + 3], CopyList.LONGEST_DESIGNATOR);
            if (same && wanted.equals(ByteBuffer.wrap(page, at + 4, longest).slice())) {
                return true;
            }
        }
        return false;
    }

    /** What EXTENDED COPY is there, and its parameters (SPC-4 §7.8.17): of LID1, from block device to block device. */
    static byte[] thirdPartyCopy() {
        ByteBuffer body = ByteBuffer.allocate(16 + 28 + 8 + 36);
        body.putShort((short) 0x0001).putShort((short) 12).put((byte) 7); // supported commands
        body.put((byte) 0x83).put((byte) 1).put((byte) 0);
        body.put((byte) 0x84).put((byte) 2).put((byte) 0).put((byte) 3).position(16);
        body.putShort((short) 0x0004).putShort((short) 24); // parameter data
        body.position(body.position() + 4);
        body.putShort((short) CopyList.MAX_DEVICES).putShort((short) CopyList.MAX_SEGMENTS);
        body.putInt(CopyList.MAX_DESCRIPTOR_BYTES).putInt(0).position(44);
        body.putShort((short) 0x0008).putShort((short) 4).putShort((short) 2); // supported descriptors
        body.put(CopyList.BLOCK_TO_BLOCK).put(CopyList.IDENTIFICATION_DESCRIPTOR);
        body.putShort((short) 0x8001).putShort((short) 32).putInt(1).putInt(1); // general copy operations
        body.putInt(CopyCommands.LARGEST_SEGMENT_BYTES).put((byte) 9);
        return page(THIRD_PARTY_COPY, body.array());
    }

    /** Binary, with PIV for iSCSI, of the target port (SPC-4 §7.8.6.7 and §7.8.6.8). */
    private static void targetPort(ByteBuffer designators, int type, short number) {
        designators.put((byte) 0x51).put((byte) (0x90 | type)).put((byte) 0).put((byte) 4);
        designators.putShort((short) 0).putShort(number);
    }

    static byte[] blockDeviceCharacteristics() {
        byte[] body = new byte[60];
        body[1] = 0x01; // medium rotation rate 0001h: does not rotate
        return page(BLOCK_DEVICE_CHARACTERISTICS, body);
    }

    static byte[] logicalBlockProvisioning() {
        byte[] body = new byte[4];
        body[1] = (byte) 0xE4; // LBPU, LBPWS, LBPWS10; LBPRZ: unmapped blocks read zero
        body[2] = 0x02; // thin provisioned
        return page(LOGICAL_BLOCK_PROVISIONING, body);
    }

    private static byte[] page(int code, byte[] body) {
        ByteBuffer page = ByteBuffer.allocate(4 + body.length);
        page.put(1, (byte) code).putShort(2, (short) body.length).put(4, body);
        return page.array();
    }

    private static byte[] naaLocallyAssigned(String serial) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(serial.getBytes(StandardCharsets.US_ASCII));
            byte[] name = new byte[8];
            System.arraycopy(hash, 0, name, 0, name.length);
            name[0] = (byte) (0x30 | (name[0] & 0x0F)); // NAA 3h (SPC-4 §7.8.6.6.1)
            return name;
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
