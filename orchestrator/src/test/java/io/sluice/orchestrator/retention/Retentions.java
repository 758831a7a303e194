package io.sluice.orchestrator.retention;

/** Puts the real service together without a container. */
public final class Retentions {
    private Retentions() {}

    public static RetentionService of(RetentionStore store) {
        return new RetentionService(store);
    }
}
