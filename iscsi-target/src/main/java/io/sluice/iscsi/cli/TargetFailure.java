package io.sluice.iscsi.cli;

/** Why nothing is served, in words for whoever typed the command. */
final class TargetFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int exitCode;

    TargetFailure(int exitCode, String message, Throwable cause) {
        super(message, cause);
        this.exitCode = exitCode;
    }

    TargetFailure(int exitCode, String message) {
        super(message);
        this.exitCode = exitCode;
    }

    int exitCode() {
        return exitCode;
    }
}
