package io.sluice.orchestrator.cli.client;

import java.net.URI;
import org.jspecify.annotations.Nullable;

/** The service did not do what it was asked. Two kinds, because an operator does something else about each. */
public abstract sealed class RestException extends RuntimeException {

    private RestException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    /** The service answered with a problem (RFC 9457), or with something that is no answer of this API. */
    public static final class Refused extends RestException {
        private final int status;
        private final String code;
        private final @Nullable String remedy;

        public Refused(int status, String code, String detail, @Nullable String remedy) {
            super(detail, null);
            this.status = status;
            this.code = code;
            this.remedy = remedy;
        }

        public int status() {
            return status;
        }

        public String code() {
            return code;
        }

        public @Nullable String remedy() {
            return remedy;
        }

        /** Whether asking differently would help (4xx), rather than the service having failed. */
        public boolean causedByRequest() {
            return status >= 400 && status < 500;
        }
    }

    /** Nothing answered at the address, or not in time. */
    public static final class Unreachable extends RestException {

        public Unreachable(URI url, String why, @Nullable Throwable cause) {
            super("cannot reach " + url + ": " + why, cause);
        }
    }
}
