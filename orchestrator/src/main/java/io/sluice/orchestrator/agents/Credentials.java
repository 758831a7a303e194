package io.sluice.orchestrator.agents;

import io.sluice.agent.api.WorkerId;
import java.nio.ByteBuffer;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Whose credential it is, asked of the database once. A registration here ends the old one at once; one with another replica ends it
 * here with the worker's next heartbeat, see {@link KnownHosts}.
 */
@Component
class Credentials {
    private final WorkerIdentities identities;
    private final Turns turns;
    private final ConcurrentHashMap<ByteBuffer, WorkerId> workers = new ConcurrentHashMap<>();
    private final ConcurrentHashMap<WorkerId, ByteBuffer> digests = new ConcurrentHashMap<>();

    Credentials(WorkerIdentities identities, Turns turns) {
        this.identities = identities;
        this.turns = turns;
    }

    /** Null when nobody has it, or had it and was given another one. */
    @Nullable
    WorkerId worker(byte[] digest) {
        ByteBuffer key = ByteBuffer.wrap(digest.clone());
        WorkerId known = workers.get(key);
        if (known != null) {
            return known;
        }
        WorkerId worker = turns.take(() -> identities.byCredential(digest));
        if (worker != null) {
            ByteBuffer before = digests.put(worker, key);
            if (before != null && !before.equals(key)) {
                workers.remove(before);
            }
            workers.put(key, worker);
        }
        return worker;
    }

    /** What is known of the worker holds no longer unless it is this. */
    void isNow(WorkerId worker, byte[] digest) {
        ByteBuffer known = digests.get(worker);
        if (known != null && !known.equals(ByteBuffer.wrap(digest))) {
            forget(worker);
        }
    }

    void forget(WorkerId worker) {
        ByteBuffer key = digests.remove(worker);
        if (key != null) {
            workers.remove(key);
        }
    }
}
