package io.sluice.iscsi.block;

/** What lies below a thin disk has no room for a write; the disk is whole, and reads and writes to allocated places go on. */
public final class OutOfSpaceException extends BlockDeviceException {
    private static final long serialVersionUID = 1L;

    public OutOfSpaceException(String message, Throwable cause) {
        super(message, false, cause);
    }
}
