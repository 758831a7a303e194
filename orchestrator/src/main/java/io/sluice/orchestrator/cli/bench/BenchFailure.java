package io.sluice.orchestrator.cli.bench;

/** The benchmark cannot go on; the message is for people. */
final class BenchFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    BenchFailure(String message) {
        super(message);
    }
}
