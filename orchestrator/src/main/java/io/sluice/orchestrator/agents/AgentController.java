package io.sluice.orchestrator.agents;

import io.sluice.agent.api.AgentApi;
import io.sluice.agent.api.HostReport;
import io.sluice.agent.api.HostSpec;
import io.sluice.agent.api.RegisterRequest;
import io.sluice.agent.api.RegisterResponse;
import io.sluice.agent.api.WorkerId;
import io.swagger.v3.oas.annotations.Hidden;
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

    @PostMapping(AgentApi.SYNC)
    HostSpec sync(@RequestAttribute(AgentFilter.WORKER) WorkerId worker, @RequestBody HostReport report)
            throws InterruptedException {
        return sync.sync(worker, report);
    }
}
