package io.sluice.agent.sync;

import org.jspecify.annotations.Nullable;

/** A call to the orchestrator failed; the message says which, and why. */
public final class CallFailedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** What went wrong, as far as the agent acts differently on it. */
    public enum Cause {
        /** No answer, or none of this contract: it will be back. */
        AWAY,
        /** It does not accept the token or credential. */
        NOT_ADMITTED,
        /** It understood and refused. */
        REFUSED,
        /** A newer call went out, and whoever holds this one does not know of it: nothing is lost by ending it. */
        OVERTAKEN
    }

    private final Cause kind;

    public CallFailedException(Cause kind, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.kind = kind;
    }

    public Cause kind() {
        return kind;
    }
}
