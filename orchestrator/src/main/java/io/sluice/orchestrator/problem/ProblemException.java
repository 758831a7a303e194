package io.sluice.orchestrator.problem;

import org.springframework.http.HttpStatus;

/** A request that cannot be answered as asked; becomes a {@link Problem}. */
public final class ProblemException extends RuntimeException {
    private final HttpStatus status;
    private final String code;
    private final String remedy;

    public ProblemException(HttpStatus status, String code, String detail, String remedy) {
        super(detail);
        this.status = status;
        this.code = code;
        this.remedy = remedy;
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
        return Problem.of(status, code, String.valueOf(getMessage()), remedy, instance);
    }
}
