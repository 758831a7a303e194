package io.sluice.agent.sync;

import io.sluice.agent.api.RegisterResponse;
import io.sluice.agent.api.WorkerId;
import io.sluice.agent.ledger.DurableRecord;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Who this host is, made once and kept with mode 0600; a wiped disk makes a new worker.
 *
 * @param claim secret that proves the machine id is ours
 * @param worker null until registered, as is the credential
 */
public record WorkerIdentity(
        String machineId,
        String claim,
        @Nullable WorkerId worker,
        @Nullable String credential) {

    private static final int CLAIM_BYTES = 32;

    /** Reads the identity; the first time makes it, and has it on disk before anyone is told of it. */
    public static WorkerIdentity load(Path stateDirectory) {
        DurableRecord<WorkerIdentity> file = file(stateDirectory);
        WorkerIdentity kept = file.read();
        if (kept != null) {
            return kept;
        }
        byte[] claim = new byte[CLAIM_BYTES];
        new SecureRandom().nextBytes(claim);
        WorkerIdentity made = new WorkerIdentity(
                UUID.randomUUID().toString(),
                Base64.getUrlEncoder().withoutPadding().encodeToString(claim),
                null,
                null);
        file.write(made);
        return made;
    }

    WorkerIdentity registered(Path stateDirectory, RegisterResponse response) {
        WorkerIdentity registered = new WorkerIdentity(machineId, claim, response.worker(), response.credential());
        file(stateDirectory).write(registered);
        return registered;
    }

    private static DurableRecord<WorkerIdentity> file(Path stateDirectory) {
        return new DurableRecord<>(stateDirectory.resolve("identity.json"), WorkerIdentity.class);
    }

    @Override
    public String toString() {
        return "WorkerIdentity[machineId=" + machineId + ", worker=" + worker + ", secrets withheld]";
    }
}
