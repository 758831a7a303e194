package io.sluice.orchestrator.database;

import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.stereotype.Component;

/** Part {@code database} of the health, and of the readiness: a load balancer passes by a replica that is down here. Answers at once. */
@Component
class DatabaseHealthIndicator implements HealthIndicator {
    private final DatabaseReach reach;

    DatabaseHealthIndicator(DatabaseReach reach) {
        this.reach = reach;
    }

    @Override
    public Health health() {
        DatabaseReach.Outage outage = reach.outage();
        return outage == null
                ? Health.up().build()
                : Health.down()
                        .withDetail("reason", outage.reason())
                        .withDetail("forSeconds", outage.lasted().toSeconds())
                        .build();
    }
}
