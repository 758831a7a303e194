package io.sluice.orchestrator.alert;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;

/** Alarms on stable storage. */
public interface AlarmStore {
    /**
     * What alarms are decided on.
     *
     * @param silence how long a worker that matters has said nothing: one that was heard of since is left out
     */
    Readings readings(Duration silence);

    /** Makes these, and no others, what is alarming; what is raised or cleared by it is told in the same transaction. */
    void settle(Collection<Alarm> alarms);

    /** Those raised first first. */
    List<Raised> raised();

    /** An alarm and since when it holds. */
    record Raised(Alarm alarm, Instant since) {}
}
