package io.sluice.orchestrator.cli;

/** The command line or configuration cannot be used; carries what to change. */
final class UsageProblem extends RuntimeException {

    private final String remedy;

    UsageProblem(String message, String remedy) {
        super(message);
        this.remedy = remedy;
    }

    String remedy() {
        return remedy;
    }
}
