package io.sluice.agent.reconcile;

import io.sluice.agent.api.HostSpec;
import org.jspecify.annotations.Nullable;

/** Keeps the last spec taken up. */
public interface SpecLedger {
    /** The last spec stored; null when there never was one. */
    @Nullable
    HostSpec read();

    /** Durable when the call returns. */
    void write(HostSpec spec);
}
