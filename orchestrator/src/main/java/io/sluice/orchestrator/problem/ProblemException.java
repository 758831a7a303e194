package io.sluice.orchestrator.problem;

import java.util.Map;
import org.springframework.http.HttpStatus;

/** A request that cannot be answered as asked; becomes a {@link Problem}. */
public final class ProblemException extends RuntimeException {
    private final HttpStatus status;
    private final String code;
    private final String remedy;
    private final transient Map<String, Object> members;

    public ProblemException(HttpStatus status, String code, String detail, String remedy) {
        this(status, code, detail, remedy, Map.of());
    }

    /** With members of its own (RFC 9457 §3.2). */
    public ProblemException(HttpStatus status, String code, String detail, String remedy, Map<String, Object> members) {
        super(detail);
        this.status = status;
        this.code = code;
        this.remedy = remedy;
        this.members = Map.copyOf(members);
    }

    /** Nothing has this id. */
    public static ProblemException unknown(String what, String id) {
        return new ProblemException(
                HttpStatus.NOT_FOUND,
                "UNKNOWN_" + what.toUpperCase(java.util.Locale.ROOT),
                "there is no " + what + " '" + id + "'",
                "List what there is: GET /api/v1/" + what + "s");
    }

    public HttpStatus status() {
        return status;
    }

    public String code() {
        return code;
    }

    public String remedy() {
        return remedy;
    }

    public Problem problem(String instance) {
        return Problem.of(status, code, String.valueOf(getMessage()), remedy, instance, members);
    }
}
