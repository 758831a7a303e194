package io.sluice.agent.ledger;

import org.jspecify.annotations.Nullable;

/** The state directory cannot be used; the message names the file and the remedy. */
public final class LedgerException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public LedgerException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
