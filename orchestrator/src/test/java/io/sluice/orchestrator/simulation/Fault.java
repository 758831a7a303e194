package io.sluice.orchestrator.simulation;

/** Everything that is done to a fleet beside letting it work. */
enum Fault {
    CALL_LOST("calls lost"),
    CALL_REPEATED("calls delivered twice"),
    CALL_LATE("calls late, and so out of order"),
    NOTIFICATION_LOST("wake-ups between replicas lost"),
    REPLICA_KILLED("replicas killed"),
    REPLICA_PAUSED("replicas stopped in mid-decision and going on later"),
    CONNECTION_CUT_BEFORE_COMMIT("database connections cut before the commit"),
    CONNECTION_CUT_AFTER_COMMIT("database connections cut after the commit"),
    AGENT_CRASHED("agents killed"),
    HOST_REBOOTED("hosts rebooted"),
    HOST_WIPED("hosts wiped"),
    HOST_DEAD("hosts dead for good"),
    CLOCK_MOVED("hosts' clocks moved"),
    NETWORK_CUT("networks cut between hosts"),
    EXPORTS_LOST("exports lost under a living agent"),
    DISK_FULL("disks full"),
    DISK_SLOW("actions slow"),
    ACTION_FAILED("actions failed before they did anything"),
    ACTION_REFUSED("actions failed for good"),
    ACTION_DONE_BUT_FAILED("actions done and said to have failed"),
    ACTION_REPEATED("actions done twice"),
    COPY_SPOILED("copies gone bad"),
    OPERATOR_DRAINS("drains begun"),
    OPERATOR_CANCELS("drains cancelled"),
    OPERATOR_PAUSES("drains paused"),
    OPERATOR_RESUMES("drains resumed"),
    OPERATOR_RETRIES("migrations tried again"),
    OPERATOR_HOLDS("migrations held"),
    OPERATOR_PROCEEDS("holds lifted"),
    OPERATOR_ABORTS("migrations given up"),
    OPERATOR_CORDONS("workers cordoned"),
    OPERATOR_UNCORDONS("workers uncordoned"),
    OPERATOR_CHANGES_LIMITS("limits changed"),
    OPERATOR_SETS_CEILINGS("ceilings set or taken away"),
    OPERATOR_KEEPS_COPY("retained copies kept for good"),
    OPERATOR_DELETES_COPY("retained copies deleted before their time"),
    OPERATOR_WRITES_OFF("workers written off"),
    OPERATOR_REINSTATES("written-off workers reinstated");

    private final String words;

    Fault(String words) {
        this.words = words;
    }

    /** In words, plural. */
    String words() {
        return words;
    }
}
