package io.sluice.orchestrator.web;

import io.sluice.orchestrator.alert.AlarmStore;
import java.time.Instant;

/**
 * Something an operator should look at.
 *
 * @param kind MIGRATION_STUCK, DEADLINE_AT_RISK, WORKER_LOST or EXPOSURE_TOO_LONG
 * @param subject id of the migration, drain or worker
 */
public record AlarmView(String kind, String subject, Instant since, String message, String remedy) {
    static AlarmView of(AlarmStore.Raised raised) {
        return new AlarmView(
                raised.alarm().kind().name(),
                raised.alarm().subject(),
                raised.since(),
                raised.alarm().message(),
                raised.alarm().remedy());
    }
}
