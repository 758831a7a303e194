package io.sluice.orchestrator.agents;

import io.sluice.agent.api.HostSpec;
import io.sluice.agent.api.WorkerId;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.springframework.stereotype.Component;

/**
 * Each host's newest spec, read once for each of its generations. Known only while this replica hears of every commit, its own and
 * others'; a commit that comes between the reading and the keeping is heard in between, and what was read is then not kept.
 */
@Component
class Specs {
    private final ConcurrentHashMap<WorkerId, Entry> entries = new ConcurrentHashMap<>();
    private volatile boolean listening;

    private sealed interface Entry {
        /** Being read; equal to itself alone. */
        final class Pending implements Entry {}

        record Known(HostSpec spec) implements Entry {}
    }

    HostSpec of(WorkerId worker, Supplier<HostSpec> read) {
        if (listening && entries.get(worker) instanceof Entry.Known known) {
            return known.spec();
        }
        Entry.Pending pending = new Entry.Pending();
        entries.put(worker, pending);
        HostSpec spec = read.get();
        if (listening) {
            entries.replace(worker, pending, new Entry.Known(spec));
        }
        return spec;
    }

    void forget(WorkerId worker) {
        entries.remove(worker);
    }

    /** True when what is kept of this worker is of another generation. */
    boolean isOld(WorkerId worker, long generation) {
        return entries.get(worker) instanceof Entry.Known known && known.spec().generation() != generation;
    }

    /** From now on every commit is heard of; what was read before may have been overtaken. */
    void listening() {
        entries.clear();
        listening = true;
    }

    /** From now on commits of other replicas may go unheard. */
    void deaf() {
        listening = false;
        entries.clear();
    }
}
