package io.sluice.iscsi.netty;

/** A target could not be withdrawn, or a device not swapped, within the limit: commands are still on a disk. Trying again goes on waiting. */
public final class TargetBusyException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    TargetBusyException(String message) {
        super(message);
    }
}
