package io.sluice.orchestrator.runtime;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.sluice.orchestrator.alert.Alarm;
import io.sluice.orchestrator.alert.AlarmWatch;
import io.sluice.orchestrator.alert.Deliveries;
import io.sluice.orchestrator.alert.Webhook;
import io.sluice.orchestrator.alert.WebhookService;
import io.sluice.orchestrator.database.DatabaseReach;
import io.sluice.orchestrator.settings.ServerSettings;
import jakarta.annotation.PreDestroy;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/**
 * Looks for alarms and empties the outbox, each on a thread of its own: a receiver that is slow keeps no alarm back. The metrics are
 * read from the database, so every replica tells the same: take the maximum over replicas.
 */
@Component
class AlertKeeper implements MeterBinder {
    private static final Logger log = LoggerFactory.getLogger(AlertKeeper.class);
    private static final long BOUND_MINUTES = 10;

    private final AlarmWatch alarms;
    private final Deliveries deliveries;
    private final WebhookService webhooks;
    private final Chores chores;
    private final DatabaseReach database;
    private final ServerSettings settings;
    private final ScheduledExecutorService looking = thread("sluice-alarms");
    private final ScheduledExecutorService sending = thread("sluice-webhooks");

    AlertKeeper(
            AlarmWatch alarms,
            Deliveries deliveries,
            WebhookService webhooks,
            Chores chores,
            DatabaseReach database,
            ServerSettings settings) {
        this.alarms = alarms;
        this.deliveries = deliveries;
        this.webhooks = webhooks;
        this.chores = chores;
        this.database = database;
        this.settings = settings;
    }

    private static ScheduledExecutorService thread(String name) {
        return Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().daemon().name(name).factory());
    }

    @Override
    public void bindTo(MeterRegistry meters) {
        for (Alarm.Kind kind : Alarm.Kind.values()) {
            Gauge.builder("sluice.alarms", alarms, from -> count(from, kind))
                    .description("what is alarming right now")
                    .tag("kind", kind.name())
                    .register(meters);
        }
        Gauge.builder("sluice.webhook.pending", webhooks, from -> sum(from, false))
                .description("notices that wait to be delivered")
                .register(meters);
        Gauge.builder("sluice.webhook.dead", webhooks, from -> sum(from, true))
                .description("notices that could not be delivered and were given up")
                .register(meters);
    }

    private static double count(AlarmWatch from, Alarm.Kind kind) {
        return from.raised().stream()
                .filter(raised -> raised.alarm().kind() == kind)
                .count();
    }

    private static double sum(WebhookService from, boolean dead) {
        return from.webhooks().stream()
                .mapToLong(dead ? Webhook::dead : Webhook::pending)
                .sum();
    }

    @EventListener(ApplicationReadyEvent.class)
    void begin() {
        long period = settings.tick().toMillis();
        every(looking, () -> chores.run("alarms", alarms::look), period);
        every(sending, this::send, period);
        every(sending, deliveries::bound, TimeUnit.MINUTES.toMillis(BOUND_MINUTES));
    }

    private static void every(ScheduledExecutorService thread, Runnable work, long millis) {
        var ignored = thread.scheduleWithFixedDelay(() -> guarded(work), millis, millis, TimeUnit.MILLISECONDS);
    }

    private void send() {
        boolean more = database.reached();
        while (more && !sending.isShutdown()) {
            more = deliveries.round();
        }
    }

    @PreDestroy
    void end() throws InterruptedException {
        looking.shutdown();
        sending.shutdown();
        if (!looking.awaitTermination(5, TimeUnit.SECONDS)) {
            looking.shutdownNow();
        }
        if (!sending.awaitTermination(5, TimeUnit.SECONDS)) {
            sending.shutdownNow();
        }
    }

    /** What failed is repeated by the next tick. */
    private static void guarded(Runnable work) {
        try {
            work.run();
        } catch (RuntimeException e) {
            Chores.failed(log, "look after alarms and webhooks", e);
        }
    }
}
