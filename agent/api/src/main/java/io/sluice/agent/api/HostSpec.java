package io.sluice.agent.api;

import java.util.List;

/**
 * Everything one host should hold because of migrations. The agent persists it before acting on it and refuses a lower
 * generation. What is not named here is left alone: removal is a goal ({@link OutgoingGoal#RELEASED},
 * {@link OutgoingGoal#RESTORED}, {@link IncomingGoal#DISCARDED}), or asked for by name, never an omission.
 *
 * @param generation rises with every change of content; 0 is the empty spec of a worker that never took part in one
 * @param deletions retired copies to delete; what is not retired is never deleted for being named here
 */
public record HostSpec(
        WorkerId worker,
        long generation,
        List<Outgoing> outgoing,
        List<Incoming> incoming,
        List<RetiredCopy> deletions) {
    /** An orchestrator that knows of no deletions leaves them out. */
    @SuppressWarnings("NullAway")
    public HostSpec {
        outgoing = List.copyOf(outgoing);
        incoming = List.copyOf(incoming);
        deletions = deletions == null ? List.of() : List.copyOf(deletions);
    }

    /** With nothing to delete. */
    public HostSpec(WorkerId worker, long generation, List<Outgoing> outgoing, List<Incoming> incoming) {
        this(worker, generation, outgoing, incoming, List.of());
    }

    public static HostSpec empty(WorkerId worker) {
        return new HostSpec(worker, 0, List.of(), List.of());
    }
}
