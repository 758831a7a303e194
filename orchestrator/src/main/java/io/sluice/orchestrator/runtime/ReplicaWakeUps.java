package io.sluice.orchestrator.runtime;

import io.sluice.orchestrator.agents.HeldCalls;
import io.sluice.orchestrator.database.DatabaseReach;
import io.sluice.orchestrator.store.SpecNotifications;
import jakarta.annotation.PreDestroy;
import java.sql.SQLException;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/** Wakes the calls that are held here when another replica has committed something for their workers. */
@Component
class ReplicaWakeUps {
    private static final Logger log = LoggerFactory.getLogger(ReplicaWakeUps.class);

    /** While the database is away, calls end by themselves; asking more often would only add to its trouble. */
    private static final Duration AGAIN = Duration.ofSeconds(1);

    private final SpecNotifications notifications;
    private final HeldCalls calls;
    private final Thread listener =
            Thread.ofPlatform().daemon().name("sluice-listen").unstarted(this::listen);
    private volatile boolean over;

    ReplicaWakeUps(SpecNotifications notifications, HeldCalls calls) {
        this.notifications = notifications;
        this.calls = calls;
    }

    @EventListener(ApplicationReadyEvent.class)
    void begin() {
        listener.start();
    }

    /** Without the database a held call can bring no news: its agent is told to turn to another replica. */
    @EventListener
    void databaseChanged(DatabaseReach.Changed changed) {
        if (!changed.reached()) {
            calls.wakeAll();
        }
    }

    @PreDestroy
    void end() {
        over = true;
        listener.interrupt();
    }

    private void listen() {
        while (!over) {
            try {
                notifications.listen(calls::listening, calls::wake);
            } catch (SQLException e) {
                calls.deaf();
                log.warn("does not hear of other replicas' commits, tries again: {}", e.getMessage());
                pause();
            }
        }
    }

    private void pause() {
        try {
            Thread.sleep(AGAIN);
        } catch (InterruptedException e) {
            log.debug("stopping", e);
        }
    }
}
