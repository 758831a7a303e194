package io.sluice.orchestrator.runtime;

import io.sluice.orchestrator.database.DatabaseReach;
import io.sluice.orchestrator.problem.DatabaseUnreachable;
import io.sluice.orchestrator.store.Leases;
import jakarta.annotation.PreDestroy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;

/**
 * What is done for all replicas by whichever holds its lease. Nothing is begun while the database is away. That a chore is done twice,
 * by one that slept in it, is harmless.
 */
@Component
class Chores {
    private static final Logger log = LoggerFactory.getLogger(Chores.class);

    private final DatabaseReach database;
    private final Leases leases;

    Chores(DatabaseReach database, Leases leases) {
        this.database = database;
        this.leases = leases;
    }

    /** Does it, if it is this replica's turn. */
    void run(String chore, Runnable work) {
        if (database.reached() && leases.take(chore)) {
            work.run();
        }
    }

    /** Tells of work that failed and that the next tick repeats: in one line when it was the database that was away. */
    static void failed(Logger log, String work, RuntimeException e) {
        if (DatabaseUnreachable.saidBy(e)) {
            log.warn("cannot {} without the database; the next tick tries again: {}", work, e.getMessage());
        } else {
            log.error("cannot {}; the next tick tries again", work, e);
        }
    }

    @PreDestroy
    void end() {
        if (database.reached()) {
            try {
                leases.release();
            } catch (DataAccessException e) {
                log.warn("leases are not given up and pass by themselves: {}", e.getMessage());
            }
        }
    }
}
