package io.sluice.orchestrator.web;

import io.sluice.agent.api.WorkerId;
import io.sluice.orchestrator.drain.OperatorAction.By;
import io.sluice.orchestrator.drain.WriteOffs;
import io.sluice.orchestrator.problem.ProblemException;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;

/** Writing a worker off and taking that back, checked; for the REST controllers and the pages alike. Each may be asked twice. */
@Component
public class WriteOffOperations {
    private final Views views;
    private final WriteOffs writeOffs;

    WriteOffOperations(Views views, WriteOffs writeOffs) {
        this.views = views;
        this.writeOffs = writeOffs;
    }

    public WorkerView writeOff(String worker, @Nullable String reason, String actor) {
        WorkerId id = views.requireWorker(worker);
        if (!writeOffs.writeOff(id, new By(actor, Orders.reason(reason)))) {
            throw new ProblemException(
                    HttpStatus.CONFLICT,
                    "WORKER_REPORTING",
                    "worker '" + worker + "' reports, so it is not lost",
                    "Drain it: POST /api/v1/workers/" + worker
                            + "/drain. If it shall never run again, power it off first; it can be written off once it"
                            + " counts as lost.");
        }
        return views.worker(worker);
    }

    public WorkerView reinstate(String worker, @Nullable String reason, String actor) {
        writeOffs.reinstate(views.requireWorker(worker), new By(actor, Orders.reason(reason)));
        return views.worker(worker);
    }
}
