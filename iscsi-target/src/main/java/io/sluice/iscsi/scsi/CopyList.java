package io.sluice.iscsi.scsi;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * The parameter list of EXTENDED COPY (LID1) (SPC-4 §6.5), as far as one unit copies within its target: identification descriptors
 * of the units, and segments from block device to block device.
 *
 * @param listIdentifier by which RECEIVE COPY RESULTS asks for this copy
 * @param kept whether the outcome is kept for that
 * @param devices designators of the units, as VPD page 83h gives them
 */
record CopyList(int listIdentifier, boolean kept, List<ByteBuffer> devices, List<Segment> segments) {
    static final int MAX_DEVICES = 8;
    static final int MAX_SEGMENTS = 16;
    static final int HEADER_BYTES = 16;
    static final int DEVICE_BYTES = 32;
    static final int SEGMENT_BYTES = 28;
    static final int MAX_DESCRIPTOR_BYTES = MAX_DEVICES * DEVICE_BYTES + MAX_SEGMENTS * SEGMENT_BYTES;

    static final byte IDENTIFICATION_DESCRIPTOR = (byte) 0xE4;
    static final byte BLOCK_TO_BLOCK = 0x02;

    /** What there is room for in a descriptor. */
    static final int LONGEST_DESIGNATOR = 20;

    private static final int USAGE_DISCARD = 2;
    private static final int USAGE_NONE = 3;

    private static final int TOO_MANY_DEVICES = 0x2606;
    private static final int UNSUPPORTED_DEVICE_DESCRIPTOR = 0x2607;
    private static final int TOO_MANY_SEGMENTS = 0x2608;
    private static final int UNSUPPORTED_SEGMENT_DESCRIPTOR = 0x2609;

    /** Blocks from one place to another; source and destination count in {@link #devices}. */
    record Segment(int source, int destination, int blocks, long sourceLba, long destinationLba) {}

    /** What a list came to. */
    sealed interface Parsed {
        record Whole(CopyList list) implements Parsed {}

        record Wrong(Sense sense) implements Parsed {}
    }

    CopyList {
        devices = List.copyOf(devices);
        segments = List.copyOf(segments);
    }

    static Parsed parse(ByteBuffer list) {
        if (list.remaining() < HEADER_BYTES) {
            return wrong(Sense.PARAMETER_LIST_LENGTH_ERROR);
        }
        int deviceBytes = list.getShort(2) & 0xFFFF;
        long segmentBytes = list.getInt(8) & 0xFFFF_FFFFL;
        if (deviceBytes % DEVICE_BYTES != 0 || list.getInt(12) != 0) {
            return wrong(Sense.INVALID_FIELD_IN_PARAMETER_LIST);
        }
        if (HEADER_BYTES + deviceBytes + segmentBytes > list.remaining()
                || deviceBytes + segmentBytes > MAX_DESCRIPTOR_BYTES + Math.max(DEVICE_BYTES, SEGMENT_BYTES)) {
            return wrong(Sense.PARAMETER_LIST_LENGTH_ERROR);
        }
        if (deviceBytes / DEVICE_BYTES > MAX_DEVICES) {
            return wrong(TOO_MANY_DEVICES);
        }
        List<ByteBuffer> devices = new ArrayList<>();
        for (int at = HEADER_BYTES; at < HEADER_BYTES + deviceBytes; at += DEVICE_BYTES) {
            ByteBuffer device = list.slice(at, DEVICE_BYTES);
            if (device.get(0) != IDENTIFICATION_DESCRIPTOR) {
                return wrong(UNSUPPORTED_DEVICE_DESCRIPTOR);
            }
            if ((device.get(7) & 0xFF) > LONGEST_DESIGNATOR) {
                return wrong(Sense.INVALID_FIELD_IN_PARAMETER_LIST);
            }
            devices.add(device);
        }
        return segments(list, devices, list.slice(HEADER_BYTES + deviceBytes, (int) segmentBytes));
    }

    private static Parsed segments(ByteBuffer list, List<ByteBuffer> devices, ByteBuffer bytes) {
        List<Segment> segments = new ArrayList<>();
        while (bytes.hasRemaining()) {
            if (bytes.get(bytes.position()) != BLOCK_TO_BLOCK) {
                return wrong(UNSUPPORTED_SEGMENT_DESCRIPTOR);
            }
            if (bytes.remaining() < SEGMENT_BYTES) {
                return wrong(Sense.PARAMETER_LIST_LENGTH_ERROR);
            }
            if (segments.size() == MAX_SEGMENTS) {
                return wrong(TOO_MANY_SEGMENTS);
            }
            ByteBuffer segment = bytes.slice(bytes.position(), SEGMENT_BYTES);
            if (segment.getShort(2) != SEGMENT_BYTES - 4) {
                return wrong(Sense.INVALID_FIELD_IN_PARAMETER_LIST);
            }
            segments.add(new Segment(
                    segment.getShort(4) & 0xFFFF,
                    segment.getShort(6) & 0xFFFF,
                    segment.getShort(10) & 0xFFFF,
                    segment.getLong(12),
                    segment.getLong(20)));
            bytes.position(bytes.position() + SEGMENT_BYTES);
        }
        int usage = (list.get(1) >>> 3) & 0x03;
        boolean kept = usage != USAGE_DISCARD && usage != USAGE_NONE;
        return new Parsed.Whole(new CopyList(list.get(0) & 0xFF, kept, devices, segments));
    }

    private static Parsed wrong(int code) {
        return new Parsed.Wrong(Sense.illegalRequest(code));
    }
}
