package io.sluice.agent.reconcile;

/** What lies behind a volume's disk. */
public enum DiskBacking {
    PLAIN,
    CLONE
}
