package io.sluice.orchestrator.agents;

import io.sluice.orchestrator.database.DatabaseReach;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;
import org.springframework.stereotype.Component;

/**
 * Lets agents' calls to the database, so many at once and in the order in which they came. When a whole fleet comes back it waits
 * here, where waiting costs nothing and nobody is sent away, and leaves connections to operators and to what runs by itself.
 */
@Component
class Turns {
    /** Of the pool's 16 connections; more at once make PostgreSQL no faster. */
    private static final int AT_ONCE = 10;

    private final Semaphore turns = new Semaphore(AT_ONCE, true);
    private final DatabaseReach database;

    Turns(DatabaseReach database) {
        this.database = database;
    }

    /** Throws the problem to answer with when the database is not reached by the time it is this call's turn. */
    <T> T take(Supplier<T> work) {
        turns.acquireUninterruptibly();
        try {
            database.require();
            return work.get();
        } finally {
            turns.release();
        }
    }
}
