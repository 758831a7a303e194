package io.sluice.orchestrator.cli;

/** What a command's exit status means; the same for every command, and stable. */
enum ExitCode {
    OK(0),
    FAILED(1),
    USAGE(2),
    UNREACHABLE(3),
    REFUSED(4),
    BLOCKED(5),
    CANCELLED(6);

    /** For {@code --help}; picocli wants a constant. */
    static final String HEADING = "%nExit codes:%n";

    static final String TEXT_OK = "0:done; with --wait: the worker is drained";
    static final String TEXT_FAILED = "1:failed, for a reason inside the service or this command";
    static final String TEXT_USAGE = "2:wrong command line or configuration";
    static final String TEXT_UNREACHABLE = "3:no service answers at the URL";
    static final String TEXT_REFUSED = "4:the service refused: token, unknown id, or a conflict";
    static final String TEXT_BLOCKED = "5:something on the worker cannot be moved as things are";
    static final String TEXT_CANCELLED = "6:the drain that was waited for was cancelled";

    private final int status;

    ExitCode(int status) {
        this.status = status;
    }

    int status() {
        return status;
    }
}
