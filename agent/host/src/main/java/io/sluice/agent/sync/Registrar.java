package io.sluice.agent.sync;

import io.sluice.agent.api.RegisterRequest;
import java.nio.file.Path;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Registers until it is done. A token that is not accepted is tried on at the slow end: it may be put right over there. */
public final class Registrar {
    private static final Logger log = LoggerFactory.getLogger(Registrar.class);

    private final Orchestrator orchestrator;
    private final Path stateDirectory;
    private final RandomGenerator random;

    public Registrar(Orchestrator orchestrator, Path stateDirectory, RandomGenerator random) {
        this.orchestrator = orchestrator;
        this.stateDirectory = stateDirectory;
        this.random = random;
    }

    /** Returns the identity with worker id and credential, at once when it has them. */
    public WorkerIdentity register(WorkerIdentity identity, Function<WorkerIdentity, RegisterRequest> request)
            throws InterruptedException {
        if (identity.worker() != null && identity.credential() != null) {
            return identity;
        }
        for (int failures = 1; ; failures++) {
            try {
                WorkerIdentity registered =
                        identity.registered(stateDirectory, orchestrator.register(request.apply(identity)));
                log.info("registered worker={} machine={}", registered.worker(), registered.machineId());
                return registered;
            } catch (CallFailedException e) {
                Thread.sleep(
                        switch (e.kind()) {
                            case AWAY, OVERTAKEN -> {
                                log.warn("orchestrator away attempt={} message=\"{}\"", failures, e.getMessage());
                                yield Backoff.after(failures, random);
                            }
                            case NOT_ADMITTED -> {
                                log.error(
                                        "join token not accepted attempt={} message=\"{}\" remedy=\"correct "
                                                + "orchestrator.joinToken and start again, or make the token valid\"",
                                        failures,
                                        e.getMessage());
                                yield Backoff.slowest(random);
                            }
                            case REFUSED -> {
                                log.error("registration refused attempt={} message=\"{}\"", failures, e.getMessage());
                                yield Backoff.slowest(random);
                            }
                        });
            }
        }
    }
}
