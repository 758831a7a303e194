package io.sluice.orchestrator.web.idempotency;

import io.sluice.orchestrator.problem.Problem;
import io.sluice.orchestrator.problem.ProblemWriter;
import io.sluice.orchestrator.web.idempotency.KeptAnswers.Answer;
import io.sluice.orchestrator.web.idempotency.KeptAnswers.Call;
import io.sluice.orchestrator.web.idempotency.KeptAnswers.Claim;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.Principal;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;
import org.springframework.web.util.ContentCachingResponseWrapper;

/**
 * Does a POST with an {@code Idempotency-Key} once: the same call again gets the first one's answer, another call under the same
 * key is refused. An answer that says the server failed is not kept, so that the call can be tried again.
 */
@Component
final class IdempotencyFilter extends OncePerRequestFilter {
    static final String KEY = "Idempotency-Key";

    /** On an answer that was given before. */
    static final String REPLAYED = "Idempotency-Replayed";

    private static final int MAX_KEY = 255;

    /** Bodies here are a few lines; a list of 500 workers is 40 KB. */
    private static final int MAX_REQUEST = 1 << 20;

    /** A longer answer is not kept: its call is done again when it is repeated, which changes nothing a second time. */
    private static final int MAX_ANSWER = 8 << 20;

    private final KeptAnswers answers;
    private final ProblemWriter problems;

    IdempotencyFilter(KeptAnswers answers, ProblemWriter problems) {
        this.answers = answers;
        this.problems = problems;
    }

    @Override
    protected boolean shouldNotFilter(HttpServletRequest request) {
        return !request.getMethod().equals("POST")
                || !request.getRequestURI().startsWith("/api/v1/")
                || request.getHeader(KEY) == null;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        String key = request.getHeader(KEY);
        if (key.isEmpty() || key.length() > MAX_KEY || !key.chars().allMatch(c -> c > ' ' && c < 127)) {
            refuse(
                    request,
                    response,
                    HttpStatus.BAD_REQUEST,
                    "INVALID_IDEMPOTENCY_KEY",
                    KEY + " has to be 1 to " + MAX_KEY + " visible ASCII characters",
                    "Send a fresh UUID for each thing to be done, and the same one when repeating it.");
            return;
        }
        byte[] body = request.getInputStream().readNBytes(MAX_REQUEST + 1);
        if (body.length > MAX_REQUEST) {
            refuse(
                    request,
                    response,
                    HttpStatus.CONTENT_TOO_LARGE,
                    "BODY_TOO_LARGE",
                    "the request's body is longer than " + MAX_REQUEST + " bytes",
                    "Send less in one call.");
            return;
        }
        Principal operator = request.getUserPrincipal();
        Call call = new Call(operator == null ? "" : operator.getName(), key, hash(request, body));
        switch (answers.claim(call)) {
            case Claim.Fresh fresh -> answer(call, new RepeatableRequest(request, body), response, chain);
            case Claim.Answered answered -> replay(answered.answer(), response);
            case Claim.Busy busy -> {
                response.setHeader(HttpHeaders.RETRY_AFTER, "1");
                refuse(
                        request,
                        response,
                        HttpStatus.CONFLICT,
                        "IDEMPOTENCY_KEY_BUSY",
                        "the call with " + KEY + " '" + key + "' is being answered at this moment",
                        "Repeat it in a second to get its answer.");
            }
            case Claim.Taken taken ->
                refuse(
                        request,
                        response,
                        HttpStatus.UNPROCESSABLE_CONTENT,
                        "IDEMPOTENCY_KEY_REUSED",
                        KEY + " '" + key + "' was sent with another request within the last day",
                        "Send a fresh key for another request; a repeated one must be the same in path, query and body.");
        }
    }

    private void answer(Call call, HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        var kept = new ContentCachingResponseWrapper(response);
        boolean done = false;
        try {
            chain.doFilter(request, kept);
            byte[] content = kept.getContentAsByteArray();
            if (kept.getStatus() < 500 && content.length <= MAX_ANSWER) {
                answers.keep(
                        call,
                        new Answer(
                                kept.getStatus(),
                                kept.getContentType(),
                                kept.getHeader(HttpHeaders.LOCATION),
                                new String(content, StandardCharsets.UTF_8)));
                done = true;
            }
        } finally {
            if (!done) {
                answers.forget(call);
            }
        }
        kept.copyBodyToResponse();
    }

    private static void replay(Answer answer, HttpServletResponse response) throws IOException {
        response.setStatus(answer.status());
        response.setHeader(REPLAYED, "true");
        if (answer.contentType() != null) {
            response.setContentType(answer.contentType());
        }
        if (answer.location() != null) {
            response.setHeader(HttpHeaders.LOCATION, answer.location());
        }
        response.getOutputStream().write(answer.body().getBytes(StandardCharsets.UTF_8));
    }

    private void refuse(
            HttpServletRequest request,
            HttpServletResponse response,
            HttpStatus status,
            String code,
            String detail,
            String remedy)
            throws IOException {
        problems.write(response, Problem.of(status, code, detail, remedy, request.getRequestURI()));
    }

    private static String hash(HttpServletRequest request, byte[] body) {
        @Nullable String query = request.getQueryString();
        String head = request.getMethod() + " " + request.getRequestURI() + (query == null ? "" : "?" + query) + "\n";
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(head.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest.digest(body));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
