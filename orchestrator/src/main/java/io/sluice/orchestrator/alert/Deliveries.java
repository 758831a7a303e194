package io.sluice.orchestrator.alert;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Service;

/**
 * Empties the outbox: one notice at a time for each webhook, in order; several webhooks at once, so that a slow one holds up none
 * but itself. No transaction is open while anything is sent. Killed between sending and recording it, it sends again: receivers
 * know a notice by its number.
 */
@Service
public class Deliveries {
    private static final Logger log = LoggerFactory.getLogger(Deliveries.class);

    /** Above the longest a delivery may take, connecting and sending. */
    private static final Duration LEASE = Duration.ofSeconds(60);

    private static final int MOST_AT_ONCE = 16;
    private static final int MOST_PENDING = 10_000;
    private static final Duration KEEP = Duration.ofDays(30);

    private final WebhookStore store;
    private final Sender sender;

    Deliveries(WebhookStore store, Sender sender) {
        this.store = store;
        this.sender = sender;
    }

    /** Sends what is due; true when there may be more. */
    public boolean round() {
        List<Delivery> due = store.claim(LEASE, MOST_AT_ONCE);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            due.forEach(delivery -> threads.execute(() -> deliver(delivery)));
        }
        return !due.isEmpty();
    }

    /** Keeps what waits, and what is remembered, within limits. */
    public void bound() {
        store.bound(MOST_PENDING, KEEP);
    }

    private void deliver(Delivery delivery) {
        String error = sender.send(delivery);
        if (error == null) {
            store.delivered(delivery);
            return;
        }
        Duration again = Retries.after(delivery.attempts() + 1);
        store.failed(delivery, error, again);
        log.warn(
                "webhook delivery failed webhook={} notice={} attempts={} error=\"{}\" givenUp={}",
                delivery.webhook(),
                delivery.notice(),
                delivery.attempts() + 1,
                error,
                again == null);
    }
}
