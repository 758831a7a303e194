package io.sluice.orchestrator.database;

import io.sluice.orchestrator.problem.DatabaseUnreachable;
import io.sluice.orchestrator.problem.ProblemWriter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Before everything else: without the database every call is refused at once, with a problem that says so, and a call that loses it
 * on its way is answered with the same. The health of this replica is told in any case.
 */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE + 10)
class DatabaseGate extends OncePerRequestFilter {
    private static final Logger log = LoggerFactory.getLogger(DatabaseGate.class);

    private final DatabaseReach reach;
    private final DatabaseWatch watch;
    private final ProblemWriter problems;

    DatabaseGate(DatabaseReach reach, DatabaseWatch watch, ProblemWriter problems) {
        this.reach = reach;
        this.watch = watch;
        this.problems = problems;
    }

    @Override
    protected boolean shouldNotFilter(HttpServletRequest request) {
        String path = request.getRequestURI();
        return path.startsWith("/actuator/health") || path.startsWith("/assets/") || path.startsWith("/webjars/");
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        DatabaseReach.Outage outage = reach.outage();
        if (outage != null) {
            refuse(request, response, outage.reason());
            return;
        }
        try {
            chain.doFilter(request, response);
        } catch (ServletException | RuntimeException e) {
            if (!DatabaseUnreachable.saidBy(e) || response.isCommitted()) {
                throw e;
            }
            watch.doubt();
            log.warn(
                    "request lost the database method={} path={} message=\"{}\"",
                    request.getMethod(),
                    request.getRequestURI(),
                    e.getMessage());
            response.reset();
            refuse(request, response, "its connection broke or none was to be had");
        }
    }

    private void refuse(HttpServletRequest request, HttpServletResponse response, String reason) throws IOException {
        response.setHeader(HttpHeaders.RETRY_AFTER, DatabaseUnreachable.RETRY_AFTER_SECONDS);
        problems.write(response, DatabaseUnreachable.problem(reason, request.getRequestURI()));
    }
}
