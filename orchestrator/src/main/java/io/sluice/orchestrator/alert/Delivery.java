package io.sluice.orchestrator.alert;

import java.net.URI;
import java.time.Instant;

/**
 * One notice on its way to one webhook.
 *
 * @param lease under which it is sent: what became of it is recorded under the same
 * @param attempts that failed before
 * @param body JSON as it is sent and signed
 */
public record Delivery(
        String webhook,
        long lease,
        long notice,
        URI url,
        String keyId,
        String secret,
        int attempts,
        Instant now,
        String body) {

    /** Without what signs it. */
    @Override
    public String toString() {
        return "Delivery[webhook=" + webhook + ", notice=" + notice + ", attempts=" + attempts + "]";
    }
}
