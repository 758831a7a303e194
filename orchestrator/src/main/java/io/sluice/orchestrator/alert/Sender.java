package io.sluice.orchestrator.alert;

import org.jspecify.annotations.Nullable;

/** Takes one delivery to its receiver. */
@FunctionalInterface
interface Sender {
    /** Null when it arrived, else what went wrong. */
    @Nullable
    String send(Delivery delivery);
}
