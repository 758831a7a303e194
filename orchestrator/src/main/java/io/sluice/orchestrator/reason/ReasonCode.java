package io.sluice.orchestrator.reason;

/** Every code the orchestrator itself gives; agents pass theirs through. The remedy belongs to the code, the message to the case. */
public enum ReasonCode {
    // Why a migration waits
    WAITING_FOR_SLOT(
            "Nothing to do: it begins when another migration of the same host ends. Raise the drain's limits to go"
                    + " faster."),
    WAITING_FOR_DESTINATION_SLOT(
            "Nothing to do: it begins when another migration to the same destination ends. Raise the drain's limits to"
                    + " go faster."),
    WAITING_FOR_PRIORITY(
            "Nothing to do: it begins after those of more urgent drains. Raise this drain's priority to go first."),
    DRAIN_PAUSED("Resume the drain when it may go on; what runs on its destination already is finished meanwhile."),
    DRAIN_NOT_YET("Nothing to do until then. Change the drain's not-before time to begin earlier."),
    DRAIN_DEADLINE_PASSED(
            "Give the drain a later deadline or none, or cancel it; what runs on its destination already is finished"
                    + " meanwhile."),
    DRAIN_LATE("See what else it waits for; raise its limits or priority, or give it a later deadline."),
    DEADLINE_AT_RISK("Raise the drain's limits or priority, widen its windows, or give it a later deadline."),
    WINDOW_CLOSED("Nothing to do: it cuts over once a window opens. Change the drain's windows to go earlier."),
    WAITING_FOR_CEILING(
            "Nothing to do: it begins when another migration there ends. Raise the ceiling named to go faster (sluice"
                    + " ceilings)."),
    WAITING_FOR_GROUP(
            "Nothing to do: members of one group move one after another. If the other one is stuck, look at its"
                    + " reason."),
    HELD_BY_OPERATOR("Resume the migration, or abort it."),
    SOURCE_NOT_REPORTING(
            "Check that the source's agent runs and reaches the orchestrator (journal of sluice-agent on the source)."),
    DESTINATION_NOT_REPORTING(
            "Check that the destination's agent runs and reaches the orchestrator (journal of sluice-agent on the"
                    + " destination)."),
    WAITING_FOR_SOURCE("Nothing to do unless it lasts: then see the source's failures and its agent's log."),
    WAITING_FOR_DESTINATION("Nothing to do unless it lasts: then see the destination's failures and its agent's log."),
    WORKLOAD_STOPPING("Nothing to do unless it lasts: then see why the workload's stop program does not return."),
    WORKLOAD_STARTING(
            "Nothing to do unless it lasts: then see the workload's own log on the destination and repair its start"
                    + " program there."),
    HYDRATING("Nothing to do: the workload runs; the rest of its bytes is being copied."),
    SOURCE_UNREACHABLE(
            "Check the network between destination and source, and that the source's agent runs: as soon as it"
                    + " answers, all goes on. Until then reads of what only it has wait, everything else works. If it"
                    + " never comes back, see 'When a source is gone for good' in docs/operations.md."),
    SOURCE_WRITTEN_OFF(
            "If it comes back after all, reinstate it (sluice workers reinstate) and all goes on. If its disks are lost, so"
                    + " is what only it had: see 'When a source is gone for good' in docs/operations.md."),
    DESTINATION_WRITTEN_OFF(
            "If it comes back after all, reinstate it (sluice workers reinstate). If its disks are lost, see 'When a"
                    + " destination is gone for good' in docs/operations.md."),
    VERIFICATION_MISMATCH(
            "Do not release the source. Compare both copies, then decide which one is right; both are kept."),
    DEADLINE_MISSED("See what it waits for. Abort it while it is reversible, or repair the host named."),

    // Why a migration was given up
    CANCELLED("Nothing to do. Drain the worker again to move it."),
    AGENT_GAVE_UP("Repair what the agent named, then drain the worker again."),
    ABORTED_BY_OPERATOR("Retry the migration if its cargo shall move, or cancel the drain."),
    DESTINATION_WITHDRAWN("Nothing to do: it is placed anew when the drain plans again."),

    // Why a plan refuses something
    NO_ELIGIBLE_DESTINATION(
            "Uncordon or add a worker that fits, move what the message names out of the way, or permit the drain to move"
                    + " others' volumes where room is short (thirdParty); then plan again."),
    NO_CAPACITY(
            "Free space, add a worker, or permit the drain to move others' volumes (thirdParty): each alone would fit, all"
                    + " together do not. Then plan again."),
    WAITING_FOR_ROOM(
            "Nothing to do: it is placed once what the message names has left and its copy there is gone. If such a"
                    + " migration is stuck, look at its reason; if an operator keeps the copy (sluice copies), delete it."),
    NEEDED_WHERE_IT_IS(
            "Find a place for the workload named, which keeps this one there, or take sluice.near out of its declaration; then plan again."),
    PLACEMENT_LABEL_UNREADABLE(
            "Correct the label that begins with sluice. in the workload's declaration, or take it out; then plan"
                    + " again."),
    VOLUME_CONFLICT("Decide which copy is the right one and remove the other from its worker; then plan again."),
    VOLUME_MISSING(
            "Bring the volume back to this worker, or take it out of the workload's declaration; then plan again."),
    VOLUME_SHARED("Let one workload own the volume: take it out of the other declaration; then plan again."),
    VOLUME_NOT_OWNED("Wait for the migration it belongs to, or finish or abort that one; then plan again."),
    WORKLOAD_UNKNOWN_STATE(
            "Repair the workload's status program on this worker so that it says running or stopped; then plan again."),
    WORKLOAD_STOPPED("Start the workload, or remove its declaration from this worker; then plan again."),
    WORKLOAD_CONFLICT(
            "The workload is declared on several workers: remove the declaration that is wrong; then plan again."),
    ALREADY_MIGRATING("Wait for the migration named to end; it is leaving this worker already, or has yet to arrive."),
    WORKER_UNKNOWN("Check the worker's id against the list of workers."),
    WORKER_NOT_REPORTING(
            "Bring the worker's agent back; a worker nobody hears from cannot be drained. Then plan again.");

    private final String remedy;

    ReasonCode(String remedy) {
        this.remedy = remedy;
    }

    public String remedy() {
        return remedy;
    }

    /** This reason in one case. */
    public Reason because(String message) {
        return new Reason(name(), message, remedy);
    }
}
