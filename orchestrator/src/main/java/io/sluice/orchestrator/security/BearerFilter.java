package io.sluice.orchestrator.security;

import io.sluice.orchestrator.problem.Problem;
import io.sluice.orchestrator.problem.ProblemWriter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.SecurityContext;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.web.filter.OncePerRequestFilter;

/** Authenticates by {@code Authorization: Bearer} (RFC 6750 §2.1). A wrong token is refused even where a session would do. */
final class BearerFilter extends OncePerRequestFilter {
    private static final String SCHEME = "Bearer ";

    private final TokenProvider tokens;
    private final ProblemWriter problems;

    BearerFilter(TokenProvider tokens, ProblemWriter problems) {
        this.tokens = tokens;
        this.problems = problems;
    }

    /** The bearer token of a request; null when it carries none. */
    static @Nullable String token(HttpServletRequest request) {
        String header = request.getHeader(HttpHeaders.AUTHORIZATION);
        return header != null && header.regionMatches(true, 0, SCHEME, 0, SCHEME.length())
                ? header.substring(SCHEME.length()).strip()
                : null;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        String token = token(request);
        if (token == null) {
            chain.doFilter(request, response);
            return;
        }
        Authentication operator = tokens.operator(token);
        if (operator == null) {
            response.setHeader(HttpHeaders.WWW_AUTHENTICATE, "Bearer error=\"invalid_token\"");
            problems.write(response, unauthorized("the token is not known", request));
            return;
        }
        SecurityContext context = SecurityContextHolder.createEmptyContext();
        context.setAuthentication(operator);
        SecurityContextHolder.setContext(context);
        chain.doFilter(request, response);
    }

    static Problem unauthorized(String detail, HttpServletRequest request) {
        return Problem.of(
                HttpStatus.UNAUTHORIZED,
                "UNAUTHORIZED",
                detail,
                "Send 'Authorization: Bearer TOKEN' with an operator's token; the embedded mode keeps them as ROLE-token in its data"
                        + " directory.",
                request.getRequestURI());
    }
}
