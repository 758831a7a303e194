package io.sluice.orchestrator.cli.demo;

/** The demo cannot go on; the message says what happened, for the person who started it. */
final class DemoFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    DemoFailure(String message) {
        super(message);
    }

    DemoFailure(String message, Throwable cause) {
        super(message, cause);
    }
}
