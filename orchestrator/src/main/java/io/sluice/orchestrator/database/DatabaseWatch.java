package io.sluice.orchestrator.database;

import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.HikariPoolMXBean;
import io.sluice.orchestrator.settings.ServerSettings;
import jakarta.annotation.PreDestroy;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/**
 * Looks each second, and at once when a request has met a broken connection, whether the database is reached; on a thread and a
 * connection of its own, so that it knows while every connection of the pool hangs.
 */
@Component
class DatabaseWatch {
    private static final Logger log = LoggerFactory.getLogger(DatabaseWatch.class);
    private static final long PERIOD_MILLIS = 1000;

    private final DatabaseReach reach;
    private final DatabaseProbe probe;
    private final HikariDataSource pool;
    private final ApplicationEventPublisher events;
    private final Semaphore doubts = new Semaphore(0);
    private final Thread watcher =
            Thread.ofPlatform().daemon().name("sluice-database").unstarted(this::watch);
    private volatile boolean over;

    DatabaseWatch(
            DatabaseReach reach,
            JdbcConnectionDetails database,
            HikariDataSource pool,
            ServerSettings settings,
            ApplicationEventPublisher events) {
        this.reach = reach;
        this.probe = new DatabaseProbe(database, settings.replica().answerLimit());
        this.pool = pool;
        this.events = events;
    }

    @EventListener(ApplicationReadyEvent.class)
    void begin() {
        watcher.start();
    }

    @PreDestroy
    void end() throws InterruptedException {
        over = true;
        watcher.interrupt();
        if (watcher.isAlive()) {
            watcher.join(PERIOD_MILLIS);
        }
    }

    /** Somebody met a broken connection. */
    void doubt() {
        doubts.release();
    }

    private void watch() {
        try (probe) {
            while (!over) {
                look();
                if (doubts.tryAcquire(PERIOD_MILLIS, TimeUnit.MILLISECONDS)) {
                    doubts.drainPermits();
                }
            }
        } catch (InterruptedException e) {
            log.debug("stopping", e);
        }
    }

    private void look() {
        String reason = probe.look();
        boolean changed = reach.seen(reason);
        if (!changed || over) {
            return;
        }
        HikariPoolMXBean connections = pool.getHikariPoolMXBean();
        if (connections != null) {
            // whatever broke the one may have broken the others; those in use end with their statements
            connections.softEvictConnections();
        }
        if (reason == null) {
            log.info("database reached again: this replica decides again");
        } else {
            log.error("database lost: this replica decides nothing until it is back reason=\"{}\"", reason);
        }
        events.publishEvent(new DatabaseReach.Changed(reason == null));
    }
}
