package io.sluice.agent.reconcile;

import io.sluice.agent.api.FailureKind;
import org.jspecify.annotations.Nullable;

/** A port could not do what was asked, typed by what happens next. The message names what, why, and the remedy. */
public final class HostActionException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String code;
    private final FailureKind kind;

    public HostActionException(String code, FailureKind kind, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.code = code;
        this.kind = kind;
    }

    public HostActionException(String code, FailureKind kind, String message) {
        this(code, kind, message, null);
    }

    /** Stable, upper case, words joined by underscores. */
    public String code() {
        return code;
    }

    public FailureKind kind() {
        return kind;
    }
}
