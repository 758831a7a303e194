package io.sluice.orchestrator.web;

import io.sluice.orchestrator.drain.Estimate;
import org.jspecify.annotations.Nullable;

/**
 * How long it still takes, at the best and at the worst of what is observed.
 *
 * @param minSeconds null is unknown
 * @param maxSeconds null is unknown: it may take for ever
 */
public record EtaView(@Nullable Long minSeconds, @Nullable Long maxSeconds) {
    static EtaView of(Estimate estimate) {
        return new EtaView(estimate.minSeconds(), estimate.maxSeconds());
    }
}
