package io.sluice.agent.devicemapper;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.StringJoiner;

/**
 * One call of the device mapper's control file: {@code struct dm_ioctl} of linux/dm-ioctl.h, with what follows it, as bytes. For one
 * call.
 */
final class ControlCall {
    static final int READ_ONLY = 1;
    static final int SUSPENDED = 1 << 1;
    static final int STATUS_TABLE = 1 << 4;
    static final int SKIP_LOCK_FS = 1 << 10;
    static final int NO_FLUSH = 1 << 11;
    private static final int LIVE_TABLE = 1 << 5;
    private static final int OTHER_TABLE = 1 << 6;
    private static final int BUFFER_FULL = 1 << 8;

    /** DM_UDEV_PRIMARY_SOURCE_FLAG in the upper half of a cookie (libdevmapper.h): tells udev's rules that a change is meant. */
    private static final int FROM_A_TOOL = 0x0040 << 16;

    /** Size of struct dm_ioctl, of struct dm_target_spec, and where their fields lie. */
    private static final int HEADER_BYTES = 312;

    private static final int DATA_START_AT = 16;
    private static final int TARGETS_AT = 20;
    private static final int OPEN_COUNT_AT = 24;
    private static final int FLAGS_AT = 28;
    private static final int EVENT_AT = 32;
    private static final int DEVICE_AT = 40;
    private static final int NAME_AT = 48;
    private static final int UUID_AT = 176;
    private static final int NAME_BYTES = 128;
    private static final int UUID_BYTES = 129;
    private static final int SPEC_BYTES = 40;
    private static final int SPEC_NEXT_AT = 20;
    private static final int SPEC_TYPE_AT = 24;
    private static final int TYPE_BYTES = 16;
    private static final int VERSIONS_NAME_AT = 16;

    private static final int FIRST_BUFFER_BYTES = 16 << 10;

    /** Status of a device with more than so much to say is none of ours. */
    private static final int LAST_BUFFER_BYTES = 16 << 20;

    /** What the kernel answers when there is no such device. */
    private static final int ENXIO = 6;

    private static final int EBUSY = 16;

    /** The calls, by their numbers. */
    enum Request {
        CREATE(3),
        REMOVE(4),
        SUSPEND(6),
        STATUS(7),
        LOAD(9),
        CLEAR(10),
        TABLE(12),
        VERSIONS(13),
        MESSAGE(14);

        private final long code;

        /** As {@code _IOWR(0xfd, number, struct dm_ioctl)} makes it. */
        Request(int number) {
            this.code = (3L << 30) | ((long) HEADER_BYTES << 16) | (0xfdL << 8) | number;
        }

        long code() {
            return code;
        }
    }

    /** The kernel declined; said in the words of strerror(3) where they are looked for. */
    static final class RefusedException extends RuntimeException {
        private static final long serialVersionUID = 1;

        RefusedException(Request request, int errno) {
            super(request + ": "
                    + switch (errno) {
                        case ENXIO -> "No such device or address";
                        case EBUSY -> "Device or resource busy";
                        default -> "errno " + errno;
                    });
        }
    }

    private final String name;
    private String uuid = "";
    private int flags;
    private int cookie;
    private int targets;
    private byte[] data = {};
    private byte[] answer = {};

    private ControlCall(String name) {
        this.name = name;
    }

    static ControlCall of(DeviceName name) {
        return new ControlCall(name.value());
    }

    /** One that concerns no device. */
    static ControlCall ofAll() {
        return new ControlCall("");
    }

    ControlCall uuid(String of) {
        uuid = of;
        return this;
    }

    ControlCall flags(int more) {
        flags |= more;
        return this;
    }

    ControlCall fromUs() {
        cookie = FROM_A_TOOL;
        return this;
    }

    ControlCall table(Table table) {
        byte[] arguments = terminated(
                String.join(" ", table.words().subList(1, table.words().size())));
        int whole = (SPEC_BYTES + arguments.length + 7) / 8 * 8;
        ByteBuffer spec = ByteBuffer.allocate(whole).order(ByteOrder.nativeOrder());
        spec.putLong(0).putLong(table.sectors()).putInt(0).putInt(whole);
        put(spec, SPEC_TYPE_AT, table.words().getFirst(), TYPE_BYTES);
        spec.put(SPEC_BYTES, arguments);
        data = spec.array();
        targets = 1;
        return this;
    }

    /** To the target at sector 0. */
    ControlCall message(String words) {
        byte[] text = terminated(words);
        data = ByteBuffer.allocate(Long.BYTES + text.length)
                .order(ByteOrder.nativeOrder())
                .putLong(0)
                .put(text)
                .array();
        return this;
    }

    private static byte[] terminated(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return Arrays.copyOf(bytes, bytes.length + 1);
    }

    private static void put(ByteBuffer into, int at, String text, int room) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        if (bytes.length >= room) {
            throw new IllegalArgumentException("'" + text + "' is longer than " + (room - 1) + " bytes");
        }
        into.put(at, bytes);
    }

    /** What is handed to the kernel, in a buffer of that size for its answer. */
    byte[] bytes(int size) {
        ByteBuffer call = ByteBuffer.allocate(size).order(ByteOrder.nativeOrder());
        call.putInt(4).putInt(0).putInt(0).putInt(size).putInt(HEADER_BYTES).putInt(targets);
        call.putInt(FLAGS_AT, flags).putInt(EVENT_AT, cookie);
        put(call, NAME_AT, name, NAME_BYTES);
        put(call, UUID_AT, uuid, UUID_BYTES);
        call.put(HEADER_BYTES, data);
        return call.array();
    }

    /** Makes the call, with a larger buffer while the kernel asks for one; 0 or the errno. */
    int make(ControlFile control, Request request) {
        int size = Math.max(FIRST_BUFFER_BYTES, HEADER_BYTES + data.length);
        while (true) {
            byte[] buffer = bytes(size);
            int errno = control.call(request, buffer);
            if (errno != 0) {
                return errno;
            }
            answer = buffer;
            if ((answer().flags() & BUFFER_FULL) == 0 || size >= LAST_BUFFER_BYTES) {
                return 0;
            }
            size *= 2;
        }
    }

    Answer answer() {
        return new Answer(ByteBuffer.wrap(answer).order(ByteOrder.nativeOrder()));
    }

    /** What the kernel has put into the buffer. */
    record Answer(ByteBuffer bytes) {
        int flags() {
            return bytes.getInt(FLAGS_AT);
        }

        /** As the kernel packs a device's number for programs (new_encode_dev of linux/kdev_t.h). */
        int minor() {
            long device = bytes.getLong(DEVICE_AT);
            return (int) ((device & 0xff) | ((device >> 12) & 0xfff00));
        }

        private int major() {
            return (int) ((bytes.getLong(DEVICE_AT) >> 8) & 0xfff);
        }

        long events() {
            return Integer.toUnsignedLong(bytes.getInt(EVENT_AT));
        }

        /** {@link DeviceInfo#FIELDS}. */
        String info() {
            return major() + " " + minor() + " " + bytes.getInt(OPEN_COUNT_AT) + " "
                    + (is(LIVE_TABLE) ? 'L' : '-')
                    + (is(OTHER_TABLE) ? 'I' : '-')
                    + (is(SUSPENDED) ? 's' : '-')
                    + (is(READ_ONLY) ? 'r' : 'w');
        }

        private boolean is(int flag) {
            return (flags() & flag) != 0;
        }

        /** A target a line: first sector, sectors, name, and its arguments or status. */
        String lines() {
            StringJoiner lines = new StringJoiner("\n");
            int start = bytes.getInt(DATA_START_AT);
            int at = start;
            for (int i = 0; i < bytes.getInt(TARGETS_AT); i++) {
                lines.add(bytes.getLong(at) + " " + bytes.getLong(at + Long.BYTES) + " " + text(at + SPEC_TYPE_AT) + " "
                        + text(at + SPEC_BYTES));
                at = start + bytes.getInt(at + SPEC_NEXT_AT);
            }
            return lines.toString();
        }

        /** A target and its version a line; struct dm_target_versions. */
        String versions() {
            StringJoiner lines = new StringJoiner("\n");
            int at = bytes.getInt(DATA_START_AT);
            for (int next = -1; next != 0; at += next) {
                lines.add(text(at + VERSIONS_NAME_AT) + " v" + bytes.getInt(at + 4) + "." + bytes.getInt(at + 8) + "."
                        + bytes.getInt(at + 12));
                next = bytes.getInt(at);
            }
            return lines.toString();
        }

        private String text(int from) {
            int to = from;
            while (bytes.get(to) != 0) {
                to++;
            }
            byte[] text = new byte[to - from];
            bytes.get(from, text);
            return new String(text, StandardCharsets.UTF_8);
        }
    }
}
