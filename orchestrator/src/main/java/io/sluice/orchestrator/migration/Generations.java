package io.sluice.orchestrator.migration;

/**
 * The generations of both hosts' specs with which a migration's present state was committed: a report that applied less
 * describes the past.
 */
public record Generations(long source, long destination) {
    public static final Generations NONE = new Generations(0, 0);
}
