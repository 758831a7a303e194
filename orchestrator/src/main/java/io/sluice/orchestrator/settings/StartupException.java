package io.sluice.orchestrator.settings;

/** The server cannot start as it was told; says what was wrong and what to do. Shown without a stack trace. */
public final class StartupException extends RuntimeException {
    private final String remedy;

    public StartupException(String message, String remedy) {
        super(message);
        this.remedy = remedy;
    }

    public StartupException(String message, String remedy, Throwable cause) {
        super(message, cause);
        this.remedy = remedy;
    }

    public String remedy() {
        return remedy;
    }
}
