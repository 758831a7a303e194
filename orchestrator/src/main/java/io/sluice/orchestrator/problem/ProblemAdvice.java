package io.sluice.orchestrator.problem;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Objects;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.web.ErrorResponse;
import org.springframework.web.HttpMediaTypeNotSupportedException;
import org.springframework.web.HttpRequestMethodNotSupportedException;
import org.springframework.web.bind.MissingServletRequestParameterException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.method.annotation.MethodArgumentTypeMismatchException;
import org.springframework.web.servlet.resource.NoResourceFoundException;
import tools.jackson.core.JacksonException;

/** Makes a problem of whatever a REST controller throws. */
@RestControllerAdvice(annotations = RestController.class)
class ProblemAdvice {
    private static final Logger log = LoggerFactory.getLogger(ProblemAdvice.class);

    @ExceptionHandler
    ResponseEntity<Problem> expected(ProblemException e, HttpServletRequest request) {
        return answer(e.problem(request.getRequestURI()));
    }

    @ExceptionHandler
    ResponseEntity<Problem> unreadable(HttpMessageNotReadableException e, HttpServletRequest request) {
        return answer(Problem.of(
                HttpStatus.BAD_REQUEST,
                "MALFORMED_BODY",
                "the request's body cannot be read: " + cause(e),
                "Send JSON as the OpenAPI document at /v3/api-docs describes it.",
                request.getRequestURI()));
    }

    @ExceptionHandler
    ResponseEntity<Problem> wrongType(MethodArgumentTypeMismatchException e, HttpServletRequest request) {
        return answer(Problem.of(
                HttpStatus.BAD_REQUEST,
                "INVALID_PARAMETER",
                "'" + e.getValue() + "' is no valid value of " + e.getName(),
                "See /v3/api-docs for the values it takes.",
                request.getRequestURI()));
    }

    @ExceptionHandler
    ResponseEntity<Problem> missing(MissingServletRequestParameterException e, HttpServletRequest request) {
        return answer(Problem.of(
                HttpStatus.BAD_REQUEST,
                "INVALID_PARAMETER",
                "the parameter " + e.getParameterName() + " is missing",
                "See /v3/api-docs for the parameters it takes.",
                request.getRequestURI()));
    }

    @ExceptionHandler({
        HttpRequestMethodNotSupportedException.class,
        HttpMediaTypeNotSupportedException.class,
        NoResourceFoundException.class
    })
    ResponseEntity<Problem> misdirected(Exception e, HttpServletRequest request) {
        HttpStatus status = e instanceof ErrorResponse response
                ? HttpStatus.valueOf(response.getStatusCode().value())
                : HttpStatus.BAD_REQUEST;
        return answer(Problem.of(
                status,
                status.name(),
                request.getMethod() + " " + request.getRequestURI() + ": " + e.getMessage(),
                "See /v3/api-docs for what there is.",
                request.getRequestURI()));
    }

    @ExceptionHandler
    ResponseEntity<Problem> unexpected(Exception e, HttpServletRequest request) throws Exception {
        if (e instanceof org.springframework.security.access.AccessDeniedException
                || e instanceof org.springframework.security.core.AuthenticationException) {
            throw e;
        }
        if (DatabaseUnreachable.saidBy(e)) {
            // the filter before all others answers, and has the database looked at
            throw e;
        }
        log.error("request failed method={} path={}", request.getMethod(), request.getRequestURI(), e);
        return answer(Problem.of(
                HttpStatus.INTERNAL_SERVER_ERROR,
                "INTERNAL_ERROR",
                "the server failed at " + request.getMethod() + " " + request.getRequestURI(),
                "Try again; if it persists, see the server's log.",
                request.getRequestURI()));
    }

    /** The parser's own words, without the source excerpt, which may hold a secret. */
    private static String cause(HttpMessageNotReadableException e) {
        if (!(e.getMostSpecificCause() instanceof JacksonException jackson)) {
            return "it is missing or no JSON";
        }
        String field = jackson.getPath().stream()
                .map(JacksonException.Reference::getPropertyName)
                .filter(Objects::nonNull)
                .collect(Collectors.joining("."));
        return field.isEmpty() ? jackson.getOriginalMessage() : field + ": " + jackson.getOriginalMessage();
    }

    private static ResponseEntity<Problem> answer(Problem problem) {
        return ResponseEntity.status(problem.status())
                .contentType(MediaType.APPLICATION_PROBLEM_JSON)
                .body(problem);
    }
}
