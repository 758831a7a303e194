package io.sluice.orchestrator.agents;

import io.sluice.agent.api.AgentApi;
import io.sluice.agent.api.HostReport;
import io.sluice.agent.api.HostSpec;
import io.sluice.agent.api.RegisterRequest;
import io.sluice.agent.api.RegisterResponse;
import io.sluice.agent.api.WorkerId;
import io.sluice.orchestrator.problem.ProblemException;
import io.swagger.v3.oas.annotations.Hidden;
import org.springframework.http.HttpEntity;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestAttribute;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/** The agents' side of HTTP; {@link AgentFilter} has let the caller in. */
@Hidden
@RestController
class AgentController {
    private final Registration registration;
    private final SyncService sync;

    AgentController(Registration registration, SyncService sync) {
        this.registration = registration;
        this.sync = sync;
    }

    @PostMapping(AgentApi.REGISTER)
    RegisterResponse register(@RequestBody RegisterRequest request) {
        return registration.register(request);
    }

    /** Not bound to a request body's parameter, which the framework would keep for as long as the call is held, with all of a report. */
    @PostMapping(AgentApi.SYNC)
    HostSpec sync(@RequestAttribute(AgentFilter.WORKER) WorkerId worker, HttpEntity<HostReport> report)
            throws InterruptedException {
        return sync.sync(worker, body(report));
    }

    private static HostReport body(HttpEntity<HostReport> report) {
        HostReport body = report.getBody();
        if (body == null) {
            throw new ProblemException(
                    HttpStatus.BAD_REQUEST,
                    "MALFORMED_BODY",
                    "the request has no body, which is to be the host's report",
                    "Use an agent of the same release as the orchestrator.");
        }
        return body;
    }
}
