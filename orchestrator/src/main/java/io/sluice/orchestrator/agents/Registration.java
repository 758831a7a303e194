package io.sluice.orchestrator.agents;

import io.sluice.agent.api.RegisterRequest;
import io.sluice.agent.api.RegisterResponse;
import io.sluice.agent.api.WorkerId;
import io.sluice.orchestrator.problem.ProblemException;
import java.security.SecureRandom;
import java.util.Base64;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Service;

/**
 * Registers hosts. Repeating a registration gives the same worker a new credential: only who knows the claim can do it, and the
 * old credential ends with it.
 */
@Service
class Registration {
    private static final Logger log = LoggerFactory.getLogger(Registration.class);
    private static final int CREDENTIAL_BYTES = 32;
    private static final int MAX_TEXT = 200;
    private static final int MAX_LABELS = 64;

    private final WorkerIdentities identities;
    private final KnownHosts known;
    private final Turns turns;
    private final SecureRandom random = new SecureRandom();

    Registration(WorkerIdentities identities, KnownHosts known, Turns turns) {
        this.identities = identities;
        this.known = known;
        this.turns = turns;
    }

    RegisterResponse register(RegisterRequest request) {
        validate(request);
        byte[] secret = new byte[CREDENTIAL_BYTES];
        random.nextBytes(secret);
        String credential = Base64.getUrlEncoder().withoutPadding().encodeToString(secret);
        WorkerId worker = turns.take(
                () -> identities.register(request, Digests.sha256(request.claim()), Digests.sha256(credential)));
        if (worker == null) {
            throw new ProblemException(
                    HttpStatus.CONFLICT,
                    "MACHINE_ID_TAKEN",
                    "machine id '" + request.machineId() + "' is registered with another claim",
                    "If this host was cloned from another's disk, remove the agent's identity file: it then registers as a new"
                            + " worker. An existing worker is never taken over.");
        }
        known.forget(worker);
        log.info("worker registered worker={} machine={} portal={}", worker, request.machineId(), request.portal());
        return new RegisterResponse(worker, credential);
    }

    private static void validate(RegisterRequest request) {
        text("machineId", request.machineId());
        text("claim", request.claim());
        text("initiatorName", request.initiatorName());
        text("agentVersion", request.agentVersion());
        try {
            new WorkerId(request.name());
        } catch (IllegalArgumentException e) {
            throw invalid("name: " + e.getMessage());
        }
        if (request.labels().size() > MAX_LABELS) {
            throw invalid("labels: at most " + MAX_LABELS);
        }
        if (request.capacity().cpuMillis() < 0 || request.capacity().memoryBytes() < 0) {
            throw invalid("capacity: not below 0");
        }
    }

    private static void text(String field, String value) {
        if (value.isBlank() || value.length() > MAX_TEXT) {
            throw invalid(field + ": 1 to " + MAX_TEXT + " characters");
        }
    }

    private static ProblemException invalid(String detail) {
        return new ProblemException(
                HttpStatus.BAD_REQUEST, "INVALID_REGISTRATION", detail, "Correct it in the agent's configuration.");
    }
}
