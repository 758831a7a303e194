package io.sluice.agent.api;

/**
 * Why a session with an export is not there, or its disk not in use.
 *
 * @param code stable, upper case, words joined by underscores
 * @param message names what was attempted, what happened, and the remedy; holds no secret
 */
public record AttachmentFailure(String code, FailureKind kind, String message) {

    /** By its code alone: the words may differ from attempt to attempt. */
    public AttachmentFailure withoutMessage() {
        return new AttachmentFailure(code, kind, "");
    }
}
