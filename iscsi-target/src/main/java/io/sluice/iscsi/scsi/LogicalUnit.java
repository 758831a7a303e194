package io.sluice.iscsi.scsi;

import io.sluice.iscsi.block.BlockDevice;

/**
 * A disk as initiators see it. Its LUN is its index in the target's list.
 *
 * @param serial stable identity (VPD pages 80h and 83h): equal for the same volume wherever and whenever it is served;
 *     1 to 64 printable ASCII characters
 * @param readOnly writes are refused with DATA PROTECT; implied by a read-only device
 * @param medium whether initiators can eject it
 */
public record LogicalUnit(BlockDevice device, String serial, boolean readOnly, Medium medium) {
    /** What START STOP UNIT can do to a unit. */
    public enum Medium {
        FIXED,
        /** Can be ejected and loaded again; while it is out the unit is not ready. */
        REMOVABLE
    }

    /** VPD 83h repeats the serial in one designator, whose length must stay small. */
    private static final int MAX_SERIAL = 64;

    public LogicalUnit {
        if (serial.isEmpty() || serial.length() > MAX_SERIAL || !serial.chars().allMatch(c -> c > 0x20 && c < 0x7f)) {
            throw new IllegalArgumentException(
                    "serial '%s' must be 1 to %d printable ASCII characters".formatted(serial, MAX_SERIAL));
        }
    }

    /** With a fixed medium, as volumes have. */
    public LogicalUnit(BlockDevice device, String serial, boolean readOnly) {
        this(device, serial, readOnly, Medium.FIXED);
    }

    /** The same unit on another disk. */
    public LogicalUnit on(BlockDevice other) {
        return new LogicalUnit(other, serial, readOnly, medium);
    }

    boolean removable() {
        return medium == Medium.REMOVABLE;
    }

    public boolean writeProtected() {
        return readOnly || device.readOnly();
    }
}
