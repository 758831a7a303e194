package io.sluice.orchestrator.drain;

/** What a worker is drained for. */
public enum DrainMode {
    /** It comes back: uncordon gives it back as it was. Retired copies may stay on it meanwhile. */
    MAINTENANCE,
    /** It does not come back: it is safe to power off only once its retired copies are deleted too, and it stays cordoned. */
    DECOMMISSION
}
