package io.sluice.iscsi.block;

/** A disk operation failed; the message says which and on what. {@link #transientFailure()} means that trying again may help. */
public class BlockDeviceException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final boolean transientFailure;

    public BlockDeviceException(String message, boolean transientFailure, Throwable cause) {
        super(message, cause);
        this.transientFailure = transientFailure;
    }

    public BlockDeviceException(String message, boolean transientFailure) {
        super(message);
        this.transientFailure = transientFailure;
    }

    /** True for passing trouble: the iSCSI target then answers BUSY, never MEDIUM ERROR. */
    public boolean transientFailure() {
        return transientFailure;
    }
}
