package io.sluice.agent.api;

import org.jspecify.annotations.Nullable;

/**
 * The session with an export.
 *
 * @param connected false while the session is being re-established, or its disk is not the ordered one; reads of regions not
 *     hydrated wait meanwhile
 * @param secondsInState how long it has been so
 * @param failure what the last attempt to bring it back failed with; null while it is connected, where waiting is all there is to
 *     do, and as from an agent that does not tell
 */
public record AttachmentReport(
        String target,
        Portal portal,
        boolean connected,
        long secondsInState,
        @Nullable AttachmentFailure failure) {

    /** With no failure to tell of. */
    public AttachmentReport(String target, Portal portal, boolean connected, long secondsInState) {
        this(target, portal, connected, secondsInState, null);
    }

    /** Without what changes by the mere passing of time. */
    public AttachmentReport withoutAge() {
        return new AttachmentReport(target, portal, connected, 0, failure);
    }

    /** Also without words that may differ from attempt to attempt. */
    public AttachmentReport withoutWords() {
        return new AttachmentReport(target, portal, connected, 0, failure == null ? null : failure.withoutMessage());
    }
}
