package io.sluice.iscsi.initiator;

import io.sluice.iscsi.login.ChapCredentials;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How to log in and how long to try.
 *
 * @param chap what the initiator proves, null for none
 * @param mutual what the target must prove; a target that does not is refused. Only together with {@code chap}
 * @param digests CRC32C over headers and data, insisted on
 * @param giveUpAfter how long a call waits for a lost session, or a busy disk, before it fails; null: for ever
 * @param queueDepth most commands in flight at once
 */
public record InitiatorOptions(
        String initiatorName,
        @Nullable ChapCredentials chap,
        @Nullable ChapCredentials mutual,
        boolean digests,
        @Nullable Duration giveUpAfter,
        int queueDepth) {
    /** Enough to keep a disk busy over a long line; targets usually take 32 to 128. */
    public static final int DEFAULT_QUEUE_DEPTH = 32;

    public InitiatorOptions {
        if (mutual != null && chap == null) {
            throw new IllegalArgumentException("mutual CHAP needs the initiator's own CHAP credentials too");
        }
        if (queueDepth < 1 || initiatorName.isEmpty()) {
            throw new IllegalArgumentException("an initiator needs a name and a queue depth of 1 or more");
        }
    }

    /** No authentication, digests on, waits for ever. */
    public static InitiatorOptions named(String initiatorName) {
        return new InitiatorOptions(initiatorName, null, null, true, null, DEFAULT_QUEUE_DEPTH);
    }

    public InitiatorOptions withChap(@Nullable ChapCredentials ofInitiator, @Nullable ChapCredentials ofTarget) {
        return new InitiatorOptions(initiatorName, ofInitiator, ofTarget, digests, giveUpAfter, queueDepth);
    }

    public InitiatorOptions withoutDigests() {
        return new InitiatorOptions(initiatorName, chap, mutual, false, giveUpAfter, queueDepth);
    }

    public InitiatorOptions withGiveUpAfter(Duration limit) {
        return new InitiatorOptions(initiatorName, chap, mutual, digests, limit, queueDepth);
    }

    public InitiatorOptions withQueueDepth(int commands) {
        return new InitiatorOptions(initiatorName, chap, mutual, digests, giveUpAfter, commands);
    }
}
