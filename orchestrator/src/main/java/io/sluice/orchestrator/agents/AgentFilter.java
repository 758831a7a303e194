package io.sluice.orchestrator.agents;

import io.sluice.agent.api.AgentApi;
import io.sluice.agent.api.WorkerId;
import io.sluice.orchestrator.problem.Problem;
import io.sluice.orchestrator.problem.ProblemWriter;
import io.sluice.orchestrator.settings.Secrets;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.security.MessageDigest;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;

/** Lets agents in before their body is read: the join token registers, a credential syncs. */
@Component
class AgentFilter extends OncePerRequestFilter {
    /** The worker whose credential was sent. */
    static final String WORKER = "io.sluice.orchestrator.agents.worker";

    /** A report of a thousand volumes has about half a megabyte. */
    private static final long MAX_BODY = 16L << 20;

    private static final String SCHEME = "Bearer ";

    private final Credentials credentials;
    private final ProblemWriter problems;
    private final byte[] joinDigest;

    AgentFilter(Credentials credentials, ProblemWriter problems, Secrets secrets) {
        this.credentials = credentials;
        this.problems = problems;
        this.joinDigest = Digests.sha256(secrets.joinToken());
    }

    @Override
    protected boolean shouldNotFilter(HttpServletRequest request) {
        return !request.getRequestURI().startsWith("/api/agent/");
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        String header = request.getHeader(HttpHeaders.AUTHORIZATION);
        if (header == null || !header.startsWith(SCHEME)) {
            refuse(request, response, "no bearer token was sent");
            return;
        }
        if (request.getContentLengthLong() > MAX_BODY) {
            problems.write(
                    response,
                    Problem.of(
                            HttpStatus.CONTENT_TOO_LARGE,
                            "BODY_TOO_LARGE",
                            "the body has more than " + MAX_BODY + " bytes",
                            "Report fewer volumes per worker.",
                            request.getRequestURI()));
            return;
        }
        byte[] digest = Digests.sha256(header.substring(SCHEME.length()).strip());
        if (AgentApi.REGISTER.equals(request.getRequestURI())) {
            if (MessageDigest.isEqual(digest, joinDigest)) {
                chain.doFilter(request, response);
            } else {
                refuse(request, response, "the join token is wrong");
            }
            return;
        }
        WorkerId worker = credentials.worker(digest);
        if (worker == null) {
            refuse(request, response, "the credential is not known");
            return;
        }
        request.setAttribute(WORKER, worker);
        chain.doFilter(request, response);
    }

    private void refuse(HttpServletRequest request, HttpServletResponse response, String detail) throws IOException {
        boolean registering = AgentApi.REGISTER.equals(request.getRequestURI());
        response.setHeader(HttpHeaders.WWW_AUTHENTICATE, "Bearer");
        problems.write(
                response,
                Problem.of(
                        HttpStatus.UNAUTHORIZED,
                        registering ? "WRONG_JOIN_TOKEN" : "UNKNOWN_CREDENTIAL",
                        detail,
                        registering
                                ? "Give the agent the join token of this orchestrator."
                                : "Register again with the join token.",
                        request.getRequestURI()));
    }
}
