package io.sluice.agent.workload;

/** What a driver does to a workload, and the codes its failing is told by. */
enum Verb {
    START("start", "WORKLOAD_START_FAILED", "WORKLOAD_START_TIMED_OUT", "WORKLOAD_START_NOT_STARTED"),
    STOP("stop", "WORKLOAD_STOP_FAILED", "WORKLOAD_STOP_TIMED_OUT", "WORKLOAD_STOP_NOT_STARTED");

    private final String word;
    private final String failed;
    private final String timedOut;
    private final String notStarted;

    Verb(String word, String failed, String timedOut, String notStarted) {
        this.word = word;
        this.failed = failed;
        this.timedOut = timedOut;
        this.notStarted = notStarted;
    }

    /** As programs and systemctl are called. */
    String word() {
        return word;
    }

    String failed() {
        return failed;
    }

    String timedOut() {
        return timedOut;
    }

    /** The program is not there, or nobody may run it. */
    String notStarted() {
        return notStarted;
    }
}
