package io.sluice.orchestrator.agents;

import io.sluice.agent.api.WorkerId;
import java.util.HexFormat;
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
    private final ConcurrentHashMap<String, WorkerId> workers = new ConcurrentHashMap<>();
    private final ConcurrentHashMap<WorkerId, String> digests = new ConcurrentHashMap<>();

    Credentials(WorkerIdentities identities, Turns turns) {
        this.identities = identities;
        this.turns = turns;
    }

    /** Null when nobody has it, or had it and was given another one. */
    @Nullable
    WorkerId worker(byte[] digest) {
        String key = HexFormat.of().formatHex(digest);
        WorkerId known = workers.get(key);
        if (known != null) {
            return known;
        }
        WorkerId worker = turns.take(() -> identities.byCredential(digest));
        if (worker != null) {
            String before = digests.put(worker, key);
            if (before != null && !before.equals(key)) {
                workers.remove(before);
            }
            workers.put(key, worker);
        }
        return worker;
    }

    /** What is known of the worker holds no longer unless it is this. */
    void isNow(WorkerId worker, String digest) {
        String known = digests.get(worker);
        if (known != null && !known.equals(digest)) {
            forget(worker);
        }
    }

    void forget(WorkerId worker) {
        String key = digests.remove(worker);
        if (key != null) {
            workers.remove(key);
        }
    }
}
