package io.sluice.orchestrator.agents;

import io.sluice.agent.api.HostReport;
import io.sluice.agent.api.WorkerId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Signs of life, many at a time. */
public interface HeartbeatStore {
    /**
     * Keeps that these workers were heard of just now, and of those whose counters have moved on the newer report, unless another one was
     * taken since. Answers how each of them stands; one that somebody else writes to right now is left out.
     */
    List<Standing> beat(List<Beat> beats);

    /**
     * A worker was heard of and said nothing that decides anything.
     *
     * @param kept the report that was taken last
     * @param counters a newer one to be kept in its place; null where nothing is worth keeping
     */
    record Beat(HostReport kept, @Nullable HostReport counters) {
        public WorkerId worker() {
            return kept.worker();
        }

        HostReport newest() {
            return counters == null ? kept : counters;
        }
    }

    /**
     * What the store holds of a worker after its beat.
     *
     * @param credentialHash in hexadecimal digits
     * @param incarnation of the report it keeps, as is {@code sequence}
     */
    record Standing(WorkerId worker, long generation, String credentialHash, long incarnation, long sequence) {}
}
