package io.sluice.orchestrator.alert;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Webhooks and their outbox on stable storage; each call one transaction. */
public interface WebhookStore {
    List<Webhook> webhooks();

    void add(String id, URI url, List<String> kinds, Key key, String actor);

    /** False when there is none. */
    boolean remove(String id, String actor);

    /** Signs with another key from now on; false when there is none. */
    boolean change(String id, Key key, String actor);

    /** A notice for this webhook alone, to see whether it arrives; false when there is none. */
    boolean test(String id, String actor);

    /** Tries again what was given up; how many. */
    int revive(String id);

    /** The oldest notice of each webhook that is due and that nobody else is sending. */
    List<Delivery> claim(Duration lease, int most);

    void delivered(Delivery delivery);

    /** Tries again after so long; null gives it up, and the next one follows. */
    void failed(Delivery delivery, String error, @Nullable Duration again);

    /** Gives up the oldest beyond so many that wait for one webhook, and forgets notices of long ago. */
    void bound(int mostPending, Duration keep);

    /** What deliveries are signed with. */
    record Key(String id, String secret) {
        @Override
        public String toString() {
            return "Key[id=" + id + "]";
        }
    }
}
