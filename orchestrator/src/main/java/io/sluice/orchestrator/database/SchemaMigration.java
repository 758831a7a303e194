package io.sluice.orchestrator.database;

import java.sql.SQLException;
import java.time.Duration;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.flyway.autoconfigure.FlywayMigrationStrategy;
import org.springframework.stereotype.Component;

/**
 * Migrates the schema beside replicas that serve. A migration locks whole tables, in an order that theirs may cross: it waits for a
 * lock only briefly (lock_timeout in the configuration), since all of them wait behind it, gives everything back, and tries again.
 */
@Component
class SchemaMigration implements FlywayMigrationStrategy {
    private static final Logger log = LoggerFactory.getLogger(SchemaMigration.class);

    /** A minute or two, within which transactions of a few milliseconds leave a gap. */
    private static final int ATTEMPTS = 120;

    private static final Duration PAUSE = Duration.ofMillis(500);

    private final Runnable pause;

    @Autowired
    SchemaMigration() {
        this(SchemaMigration::sleep);
    }

    /** Given what is done between two attempts. */
    SchemaMigration(Runnable pause) {
        this.pause = pause;
    }

    /** Harmless to repeat: each migration is one transaction, and one that is through is not done again. */
    @Override
    public void migrate(Flyway flyway) {
        for (int attempt = 1; ; attempt++) {
            try {
                flyway.migrate();
                return;
            } catch (FlywayException e) {
                if (attempt == ATTEMPTS || !somebodyWasInTheWay(e)) {
                    throw e;
                }
                log.info("migration of the schema met a lock of another replica, tries again attempt={}", attempt);
                pause.run();
            }
        }
    }

    /** A lock not got in time, or a deadlock (PostgreSQL's manual, appendix A). */
    private static boolean somebodyWasInTheWay(FlywayException failure) {
        for (@Nullable Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException sql
                    && ("55P03".equals(sql.getSQLState()) || "40P01".equals(sql.getSQLState()))) {
                return true;
            }
        }
        return false;
    }

    private static void sleep() {
        try {
            Thread.sleep(PAUSE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while migrating the schema", e);
        }
    }
}
